import type { AwsJsonInput } from '../aws-json-input';
import { sqsError } from './errors';
import type { ReceivedMessage } from './message';
import { selectMessageAttributes } from './message-attributes';
import { md5OfBody, md5OfMessageAttributes } from './message-md5';
import type { NamedQueue } from './named-queue';
import { integerWithin } from './requests';

/** The form of an IAM user's ID; every local message has the same sender. */
const senderId = 'AIDA00000000000000000';

/**
 * Carries out a ReceiveMessage request on a queue. A long poll answers as soon as there is a message.
 * @param signal aborts when the caller has gone: no message is then taken.
 */
export async function receiveRequested(queue: NamedQueue, input: AwsJsonInput, signal: AbortSignal): Promise<object> {
  const max = integerWithin(input, 'MaxNumberOfMessages', 1, 10) ?? 1;
  const waitSeconds = integerWithin(input, 'WaitTimeSeconds', 0, 20) ?? queue.settings.receiveWaitSeconds;
  const visibilityTimeoutSeconds = integerWithin(input, 'VisibilityTimeout', 0, 43_200);
  const describe = describer(input);
  const endMs = Date.now() + waitSeconds * 1000;
  while (!signal.aborted) {
    const messages = queue.messages.receive(max, visibilityTimeoutSeconds);
    if (messages.length > 0) return { Messages: messages.map(describe) };
    const now = Date.now();
    if (now >= endMs) break;
    const untilMs = Math.min(endMs, queue.messages.nextReadyAtMs() ?? endMs);
    await queue.doorbell.wait(Math.ceil(untilMs - now), signal);
  }
  return {};
}

/** Reads which attributes a ReceiveMessage request asks for, and so how it wants its messages described. */
function describer(input: AwsJsonInput): (message: ReceivedMessage) => object {
  const asked = [...(input.strings('MessageSystemAttributeNames') ?? []), ...(input.strings('AttributeNames') ?? [])];
  const askedOfSender = input.strings('MessageAttributeNames') ?? [];
  const unknown = asked.find((name) => !systemAttributeNames.includes(name));
  if (unknown !== undefined) throw sqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);

  return (message) => {
    const system = systemAttributes(message).filter(([name]) => asked.includes('All') || asked.includes(name));
    const attributes = selectMessageAttributes(message.attributes, askedOfSender);
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
  };
}

/** SQS's API reference, ReceiveMessage; those that no local message has are known by name only. */
const systemAttributeNames = [
  'All',
  'ApproximateFirstReceiveTimestamp',
  'ApproximateReceiveCount',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
  'MessageDeduplicationId',
  'MessageGroupId',
  'SenderId',
  'SentTimestamp',
  'SequenceNumber',
  'SqsManagedSseEnabled',
];

function systemAttributes(message: ReceivedMessage): [name: string, value: string][] {
  const { deadLetterSourceArn } = message;
  return [
    ['SenderId', senderId],
    ['SentTimestamp', String(message.sentAtMs)],
    ['ApproximateReceiveCount', String(message.receiveCount)],
    ['ApproximateFirstReceiveTimestamp', String(message.firstReceivedAtMs)],
    ...(deadLetterSourceArn === undefined
      ? []
      : [['DeadLetterQueueSourceArn', deadLetterSourceArn] as [string, string]]),
  ];
}
