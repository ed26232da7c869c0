import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CheckError } from './steps';

const counts = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** SQS reports approximate numbers, which are consistent within a minute (SQS API reference, GetQueueAttributes). */
const consistentAfterMs = 60_000;

/**
 * Waits until the queues are empty. Lambda deletes messages after the function has tagged their photos.
 * @throws CheckError when a queue still has messages after the timeout.
 */
export async function expectEmptyQueues(
  sqs: SQSClient,
  queueUrls: Readonly<Record<string, string>>,
  timeoutMs = consistentAfterMs,
): Promise<void> {
  const endsAt = performance.now() + timeoutMs;
  for (const [name, queueUrl] of Object.entries(queueUrls)) {
    for (let held = await countMessages(sqs, queueUrl); held > 0; held = await countMessages(sqs, queueUrl)) {
      if (performance.now() > endsAt) throw new CheckError(`${name} is not empty (${held})`);
      await sleep(500);
    }
  }
}

/** Counts visible, in-flight and delayed messages. */
async function countMessages(sqs: SQSClient, queueUrl: string): Promise<number> {
  const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...counts] });
  const { Attributes = {} } = await sqs.send(command);
  return counts.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}
