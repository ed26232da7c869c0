import type { AwsJsonInput } from '../aws-json-input';
import { sqsError } from './errors';
import {
  attributesBytes,
  checkMessageAttributes,
  md5OfBody,
  md5OfMessageAttributes,
  readMessageAttributes,
  type MessageAttributes,
} from './message-attributes';
import type { NamedQueue } from './named-queue';
import { integerWithin, readBatch, requiredString, runBatch, type BatchEntry, type BatchOutput } from './requests';

/** Limit for all messages of a batch together (SQS API reference, SendMessageBatch). */
const maxBatchBytes = 1_048_576;

/** The characters that XML 1.0 allows (SQS API reference, SendMessage). */
const allowedText = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/** The parameters of SendMessage, and of an entry of SendMessageBatch, that the local SQS supports. */
export const messageParameters = ['MessageBody', 'MessageAttributes', 'DelaySeconds'] as const;

/**
 * Sends one message to a queue.
 * @throws AwsJsonError InvalidMessageContents; InvalidParameterValueException if it is too long for the queue.
 * @returns the message ID.
 */
export function sendMessage(
  queue: NamedQueue,
  body: string,
  attributes: MessageAttributes = new Map(),
  delaySeconds?: number,
): string {
  const { maxMessageBytes } = queue.settings;
  if (messageBytes(body, attributes) > maxMessageBytes) {
    const message = `One or more parameters are invalid. Reason: Message must be shorter than ${maxMessageBytes} bytes.`;
    throw sqsError('InvalidParameterValueException', message);
  }
  if (!allowedText.test(body)) {
    throw sqsError('InvalidMessageContents', 'The message contains characters outside the allowed set.');
  }
  return queue.messages.send(body, attributes, delaySeconds);
}

/** Runs a SendMessage request or an entry of a batch. */
export function sendRequested(queue: NamedQueue, input: AwsJsonInput): object {
  const body = requiredString(input, 'MessageBody');
  const attributes = readMessageAttributes(input);
  checkMessageAttributes(attributes);
  const delaySeconds = integerWithin(input, 'DelaySeconds', 0, 900);
  return {
    MessageId: sendMessage(queue, body, attributes, delaySeconds),
    MD5OfMessageBody: md5OfBody(body),
    MD5OfMessageAttributes: md5OfMessageAttributes(attributes),
  };
}

/** Sends each message of a batch. @throws AwsJsonError BatchRequestTooLong beyond 1 MiB; then none is sent. */
export function sendBatch(queue: NamedQueue, input: AwsJsonInput): BatchOutput {
  const entries = readBatch(input);
  const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
  if (bytes > maxBatchBytes) {
    const message = `Batch requests cannot be longer than ${maxBatchBytes} bytes. You have sent ${bytes} bytes.`;
    throw sqsError('BatchRequestTooLong', message);
  }
  return runBatch(entries, messageParameters, (entry) => sendRequested(queue, entry));
}

function entryBytes({ input }: BatchEntry): number {
  return messageBytes(input.string('MessageBody') ?? '', readMessageAttributes(input));
}

function messageBytes(body: string, attributes: MessageAttributes): number {
  return Buffer.byteLength(body) + attributesBytes(attributes);
}
