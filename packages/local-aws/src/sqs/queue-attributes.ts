import { AwsJsonError } from '../aws-json-error';
import { invalidParameter, sqsError } from './errors';

/** A queue's attributes with SQS's names. Every value is a string. */
export type QueueAttributes = ReadonlyMap<string, string>;

/** When messages are moved to which dead-letter queue. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** A queue's attributes as typed values. */
export interface ParsedAttributes {
  readonly visibilityTimeoutSeconds: number;
  readonly maxMessageBytes: number;
  readonly retentionSeconds: number;
  readonly delaySeconds: number;
  /** Default wait of a receive. */
  readonly receiveWaitSeconds: number;
  readonly redrivePolicy: RedrivePolicy | undefined;
}

/** Range and default of each numeric attribute (SQS API reference, CreateQueue). */
const integers = new Map(
  Object.entries({
    VisibilityTimeout: { min: 0, max: 43_200, default: 30 },
    MaximumMessageSize: { min: 1024, max: 1_048_576, default: 1_048_576 },
    MessageRetentionPeriod: { min: 60, max: 1_209_600, default: 345_600 },
    DelaySeconds: { min: 0, max: 900, default: 0 },
    ReceiveMessageWaitTimeSeconds: { min: 0, max: 20, default: 0 },
  }),
);

const maxMaxReceiveCount = 1000;

/** The default attributes of a queue. */
export const defaultQueueAttributes: QueueAttributes = new Map([
  ...[...integers].map(([name, range]) => [name, String(range.default)] as const),
  ['SqsManagedSseEnabled', 'true'],
]);

/** Applies changes to attributes. An empty Policy or RedrivePolicy removes it. */
export function withAttributes(attributes: QueueAttributes, changes: QueueAttributes): QueueAttributes {
  const changed = new Map([...attributes, ...changes]);
  return new Map([...changed].filter(([, value]) => value !== ''));
}

/** @throws AwsJsonError InvalidAttributeValue; InvalidParameterValueException; NotImplemented for any other attribute. */
export function checkAttributes(attributes: QueueAttributes): void {
  for (const [name, value] of attributes) {
    const range = integers.get(name);
    const isNumber = /^\d{1,7}$/.test(value);
    if (range !== undefined && (!isNumber || Number(value) < range.min || Number(value) > range.max)) {
      throw invalidValue(name);
    }
    if (name === 'SqsManagedSseEnabled' && value !== 'true' && value !== 'false') throw invalidValue(name);
    if (name === 'RedrivePolicy') parseRedrivePolicy(value);
    if (!defaultQueueAttributes.has(name) && name !== 'RedrivePolicy' && name !== 'Policy') {
      const message = `The local SQS does not support the queue attribute ${name}`;
      throw new AwsJsonError('NotImplemented', message, { status: 501 });
    }
  }
}

/** Parses a queue's full set of checked attributes. */
export function parseAttributes(attributes: QueueAttributes): ParsedAttributes {
  const integer = (name: string) => Number(attributes.get(name));
  return {
    visibilityTimeoutSeconds: integer('VisibilityTimeout'),
    maxMessageBytes: integer('MaximumMessageSize'),
    retentionSeconds: integer('MessageRetentionPeriod'),
    delaySeconds: integer('DelaySeconds'),
    receiveWaitSeconds: integer('ReceiveMessageWaitTimeSeconds'),
    redrivePolicy: parseRedrivePolicy(attributes.get('RedrivePolicy')),
  };
}

/**
 * Parses a RedrivePolicy: JSON with a `deadLetterTargetArn` and a `maxReceiveCount` of 1 to 1,000, which may be a string.
 * @returns undefined if the policy is missing or empty.
 * @throws AwsJsonError InvalidParameterValueException.
 */
export function parseRedrivePolicy(value: string | undefined): RedrivePolicy | undefined {
  if (value === undefined || value === '') return undefined;
  const refuse = (reason: string) => invalidParameter('RedrivePolicy', value, reason);
  let policy: unknown;
  try {
    policy = JSON.parse(value);
  } catch {
    throw refuse('Redrive policy is not a valid JSON map.');
  }
  if (typeof policy !== 'object' || policy === null) throw refuse('Redrive policy is not a valid JSON map.');
  const { deadLetterTargetArn, maxReceiveCount } = policy as Readonly<Record<string, unknown>>;
  if (typeof deadLetterTargetArn !== 'string') {
    throw refuse('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  }
  const count = typeof maxReceiveCount === 'string' ? Number(maxReceiveCount) : maxReceiveCount;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > maxMaxReceiveCount) {
    throw refuse('Invalid value for maxReceiveCount, valid values are from 1 to 1000 both inclusive.');
  }
  return { deadLetterTargetArn, maxReceiveCount: count };
}

const invalidValue = (name: string) => sqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
