import { createHash } from 'node:crypto';
import type { AwsJsonInput } from '../aws-json-input';
import { sqsError } from './errors';

/** One message attribute as sent over HTTP. A binary value is base64. */
export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, optionally with a custom label: `Number.float`. */
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: string | undefined;
}

/** A message's attributes by name. */
export type MessageAttributes = ReadonlyMap<string, MessageAttribute>;

const maxAttributes = 10;
const namePattern = /^(?!aws\.|amazon\.|\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i;
const dataTypePattern = /^(?:String|Number|Binary)(?:\.[^\s]{1,249})?$/;

/** Reads the message attributes of a request without checking them. */
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
 * Checks message attributes.
 * Source: SQS developer guide, "Message attribute components"; SQS API reference for the limits on names.
 * @throws AwsJsonError InvalidParameterValueException with the name of the invalid attribute.
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

/** Whether values of a data type are binary. */
function isBinary(dataType: string): boolean {
  return dataType.startsWith('Binary');
}

/** An attribute's value as bytes, for size limits and MD5s. */
function valueBytes({ DataType, StringValue, BinaryValue }: MessageAttribute): Buffer {
  return isBinary(DataType) ? Buffer.from(BinaryValue ?? '', 'base64') : Buffer.from(StringValue ?? '');
}

/** Size of the attributes (names, types and values), which counts toward the maximum message size. */
export function attributesBytes(attributes: MessageAttributes): number {
  let bytes = 0;
  for (const [name, attribute] of attributes) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType) + valueBytes(attribute).length;
  }
  return bytes;
}

/** Selects attributes by name, or all of them with `All`. */
export function selectMessageAttributes(
  attributes: MessageAttributes,
  requested: readonly string[],
): MessageAttributes {
  return new Map([...attributes].filter(([name]) => requested.includes('All') || requested.includes(name)));
}

/** MD5 of a message's body, in hex. SDKs verify it. */
export function md5OfBody(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

/**
 * MD5 of a message's attributes, in hex; undefined if there are none.
 * Attributes are sorted by name. Name, data type and value each follow their length in four bytes; one byte before the value
 * gives its kind. Source: SQS developer guide, "Calculating the MD5 message digest for message attributes".
 */
export function md5OfMessageAttributes(attributes: MessageAttributes): string | undefined {
  if (attributes.size === 0) return undefined;
  const hash = createHash('md5');
  const updateWithLength = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const [name, attribute] of [...attributes].sort(([one], [other]) => (one < other ? -1 : 1))) {
    updateWithLength(Buffer.from(name));
    updateWithLength(Buffer.from(attribute.DataType));
    hash.update(Uint8Array.of(isBinary(attribute.DataType) ? 2 : 1));
    updateWithLength(valueBytes(attribute));
  }
  return hash.digest('hex');
}

const invalid = (message: string) => sqsError('InvalidParameterValueException', message);
