import type { AwsJsonInput } from '../aws-json-input';
import { sqsError } from './errors';

/** One message attribute as it goes over the wire; a binary value is base64. */
export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, or one of them with a label of the sender's: `Number.float`. */
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: string | undefined;
}

/** A message's attributes by name. */
export type MessageAttributes = ReadonlyMap<string, MessageAttribute>;

const maxAttributes = 10;
const namePattern = /^(?!aws\.|amazon\.|\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i;
const dataTypePattern = /^(?:String|Number|Binary)(?:\.[^\s]{1,249})?$/;

/** Reads the message attributes of a request as they stand, unchecked. */
export function readMessageAttributes(input: AwsJsonInput): MessageAttributes {
  const given = input.structureMap('MessageAttributes') ?? new Map<string, AwsJsonInput>();
  return new Map(
    [...given].map(([name, attribute]) => {
      const DataType = attribute.string('DataType') ?? '';
      const valueName = isBinary(DataType) ? 'BinaryValue' : 'StringValue';
      return [name, { DataType, [valueName]: attribute.string(valueName) }];
    }),
  );
}

/**
 * Checks the message attributes that a caller sends.
 * Source: SQS's developer guide, "Message attribute components", and its API reference for the limits on names.
 * @throws InvalidParameterValueException naming the attribute at fault.
 */
export function checkMessageAttributes(attributes: MessageAttributes): void {
  if (attributes.size > maxAttributes) {
    throw invalid(`Number of message attributes [${attributes.size}] exceeds the allowed maximum [${maxAttributes}].`);
  }
  for (const [name, attribute] of attributes) {
    const { DataType } = attribute;
    if (!namePattern.test(name)) throw invalid(`The message attribute name '${name}' is invalid.`);
    if (!dataTypePattern.test(DataType)) {
      throw invalid(`The message attribute '${name}' has an invalid message attribute type.`);
    }
    if (valueBytes(attribute).length === 0) {
      throw invalid(`Message (user) attribute '${name}' must contain a non-empty value of type '${DataType}'.`);
    }
  }
}

/** Whether a data type's values are bytes. */
export function isBinary(dataType: string): boolean {
  return dataType.startsWith('Binary');
}

/** An attribute's value as the bytes that SQS counts and digests. */
export function valueBytes({ DataType, StringValue, BinaryValue }: MessageAttribute): Buffer {
  return isBinary(DataType) ? Buffer.from(BinaryValue ?? '', 'base64') : Buffer.from(StringValue ?? '');
}

/** How many bytes of the maximum message size the attributes take: names, types and values. */
export function attributesBytes(attributes: MessageAttributes): number {
  let bytes = 0;
  for (const [name, attribute] of attributes) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType) + valueBytes(attribute).length;
  }
  return bytes;
}

/** Picks the attributes that a receiver asks for: by name, by prefix (`photo.*`), or all (`All`, `.*`). */
export function selectMessageAttributes(attributes: MessageAttributes, asked: readonly string[]): MessageAttributes {
  const isAsked = (name: string) =>
    asked.some((wanted) => {
      if (wanted === 'All' || wanted === '.*') return true;
      return wanted.endsWith('.*') ? name.startsWith(wanted.slice(0, -2)) : name === wanted;
    });
  return new Map([...attributes].filter(([name]) => isAsked(name)));
}

const invalid = (message: string) => sqsError('InvalidParameterValueException', message);
