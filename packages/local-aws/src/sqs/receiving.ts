import type { AwsJsonInput } from '../aws-json-input';
import { md5OfBody, md5OfMessageAttributes, selectMessageAttributes } from './message-attributes';
import type { NamedQueue } from './named-queue';
import type { ReceivedMessage } from './queue';
import { integerWithin } from './requests';

/** Every local message has the same sender, with an ID in the format of a session of an IAM role. */
const senderId = 'AROA00000000000000000:local';

/** The parameters of ReceiveMessage that the local SQS supports, besides the queue. */
export const receiveParameters = [
  'MaxNumberOfMessages',
  'WaitTimeSeconds',
  'VisibilityTimeout',
  'MessageSystemAttributeNames',
  'MessageAttributeNames',
] as const;

/**
 * Runs a ReceiveMessage request. A long poll returns as soon as there is a message.
 * @param signal aborts when the caller disconnects. No message is received after that.
 */
export async function receiveRequested(
  queue: NamedQueue,
  input: AwsJsonInput,
  { signal, receiveLimit }: { readonly signal: AbortSignal; readonly receiveLimit: (asked: number) => number },
): Promise<object> {
  const max = receiveLimit(integerWithin(input, 'MaxNumberOfMessages', 1, 10) ?? 1);
  const waitSeconds = integerWithin(input, 'WaitTimeSeconds', 0, 20) ?? queue.settings.receiveWaitSeconds;
  const visibilityTimeoutSeconds = integerWithin(input, 'VisibilityTimeout', 0, 43_200);
  const endMs = Date.now() + waitSeconds * 1000;
  while (!signal.aborted) {
    const messages = queue.messages.receive(max, visibilityTimeoutSeconds);
    if (messages.length > 0) return { Messages: messages.map((message) => describeMessage(message, input)) };
    const now = Date.now();
    if (now >= endMs) break;
    const untilMs = Math.min(endMs, queue.messages.nextReadyAtMs() ?? endMs);
    await queue.doorbell.wait(Math.ceil(untilMs - now), signal);
  }
  return {};
}

/** Describes a message with the attributes that the request names. */
function describeMessage(message: ReceivedMessage, input: AwsJsonInput): object {
  const systemNames = input.strings('MessageSystemAttributeNames') ?? [];
  const system = systemAttributes(message).filter(
    ([name]) => systemNames.includes('All') || systemNames.includes(name),
  );
  const attributes = selectMessageAttributes(message.attributes, input.strings('MessageAttributeNames') ?? []);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: md5OfBody(message.body),
    Body: message.body,
    ...(system.length > 0 && { Attributes: Object.fromEntries(system) }),
    ...(attributes.size > 0 && {
      MessageAttributes: Object.fromEntries(attributes),
      MD5OfMessageAttributes: md5OfMessageAttributes(attributes),
    }),
  };
}

function systemAttributes(message: ReceivedMessage): (readonly [name: string, value: string])[] {
  const { deadLetterSourceArn } = message;
  return [
    ['SenderId', senderId],
    ['SentTimestamp', String(message.sentAtMs)],
    ['ApproximateReceiveCount', String(message.receiveCount)],
    ['ApproximateFirstReceiveTimestamp', String(message.firstReceivedAtMs)],
    ...(deadLetterSourceArn === undefined ? [] : [['DeadLetterQueueSourceArn', deadLetterSourceArn] as const]),
  ];
}
