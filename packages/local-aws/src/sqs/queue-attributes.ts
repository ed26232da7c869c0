import { AwsJsonError } from '../aws-json-error';
import { invalidParameter, sqsError } from './errors';

/** A queue's attributes as SQS names and writes them: every value is text. */
export type QueueAttributes = ReadonlyMap<string, string>;

/** Which messages go to which dead-letter queue. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** A queue's attributes as values; all but the last have defaults. */
export interface ParsedAttributes {
  readonly visibilityTimeoutSeconds: number;
  readonly maxMessageBytes: number;
  readonly retentionSeconds: number;
  readonly delaySeconds: number;
  /** How long a receive waits for a message when it does not say. */
  readonly receiveWaitSeconds: number;
  readonly redrivePolicy: RedrivePolicy | undefined;
}

/** SQS's API reference, CreateQueue: the range of each attribute that is a number, and its default. */
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

/** Attributes that a queue reports and nobody sets. */
const readOnlyNames = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
];

/** Attributes of SQS that the local one lacks; no local queue has a value for them. */
const absentNames = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'RedriveAllowPolicy'];
const fifoNames = ['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'];

/** The attributes of a queue that was created with none. */
export const defaultQueueAttributes: QueueAttributes = new Map([
  ...[...integers].map(([name, range]) => [name, String(range.default)] as const),
  ['SqsManagedSseEnabled', 'true'],
]);

/** A queue's attributes after some were set; an empty Policy or RedrivePolicy takes it away. */
export function withAttributes(attributes: QueueAttributes, changes: QueueAttributes): QueueAttributes {
  const changed = new Map([...attributes, ...changes]);
  return new Map([...changed].filter(([, value]) => value !== ''));
}

/**
 * Checks attributes that a caller wants to set.
 * @throws InvalidAttributeName, InvalidAttributeValue or InvalidParameterValueException; UnsupportedOperation for those of a
 * FIFO queue and NotImplemented for others that only the real SQS has.
 */
export function checkAttributes(attributes: QueueAttributes): void {
  for (const [name, value] of attributes) {
    const range = integers.get(name);
    if (range !== undefined) checkInteger(name, value, range);
    else if (name === 'SqsManagedSseEnabled') checkBoolean(name, value);
    else if (name === 'RedrivePolicy') parseRedrivePolicy(value);
    else if (name !== 'Policy') throw refusedName(name);
  }
}

/** What a queue's attributes say, once they were checked and the defaults filled in. */
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
 * Reads a RedrivePolicy; undefined when it is left out or empty.
 * @throws InvalidParameterValueException when it is not JSON with a `deadLetterTargetArn` and a `maxReceiveCount` of 1 to
 * 1,000, which may be text.
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

/**
 * Checks the names of attributes that a caller wants to read.
 * @throws InvalidAttributeName for a name that SQS does not have.
 */
export function checkAttributeNames(names: readonly string[]): void {
  const known = [
    'All',
    'Policy',
    'RedrivePolicy',
    ...defaultQueueAttributes.keys(),
    ...readOnlyNames,
    ...absentNames,
    ...fifoNames,
  ];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownAttribute(unknown);
}

function checkInteger(name: string, value: string, { min, max }: { min: number; max: number }): void {
  if (!/^\d{1,7}$/.test(value) || Number(value) < min || Number(value) > max) {
    throw sqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
  }
}

function checkBoolean(name: string, value: string): void {
  if (value !== 'true' && value !== 'false') {
    throw sqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
  }
}

function refusedName(name: string): AwsJsonError {
  if (fifoNames.includes(name)) return sqsError('UnsupportedOperation', `The local SQS has no FIFO queues: ${name}`);
  if (!absentNames.includes(name)) return unknownAttribute(name);
  return new AwsJsonError('NotImplemented', `The local SQS does not know the queue attribute ${name}`, { status: 501 });
}

const unknownAttribute = (name: string) => sqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
