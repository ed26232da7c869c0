import { ChangeMessageVisibilityBatchCommand, GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { onlyMessage, useSqs } from './sqs-under-test';

const test = useSqs({ waitSpeed: 100 });

describe('a long poll', () => {
  let QueueUrl: string;
  let arn: string;
  beforeEach(() => {
    ({ url: QueueUrl, arn } = test.sqs.createQueue('uploads'));
  });

  // A poll of 20 seconds, SQS's maximum, shows that the response comes early.
  const poll = (WaitTimeSeconds?: number, abortSignal?: AbortSignal) =>
    test.client.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds, MaxNumberOfMessages: 10 }),
      abortSignal && { abortSignal },
    );
  /** After this, the server has received all earlier requests. */
  const roundTrip = () => test.client.send(new GetQueueUrlCommand({ QueueName: 'uploads' }));

  it('returns existing messages at once', async () => {
    test.sqs.send(arn, 'a');
    test.sqs.send(arn, 'b');
    expect((await poll(20)).Messages).toHaveLength(2);
  });

  it('returns as soon as a message is sent', async () => {
    const polling = poll(20);
    await roundTrip();
    test.sqs.send(arn, 'a');
    expect(onlyMessage(await polling).Body).toBe('a');
  });

  it('uses the wait time of the queue by default', async () => {
    ({ url: QueueUrl, arn } = test.sqs.createQueue('patient', { ReceiveMessageWaitTimeSeconds: '20' }));
    const polling = poll();
    await roundTrip();
    test.sqs.send(arn, 'a');
    expect(onlyMessage(await polling).Body).toBe('a');
  });

  it('returns when an in-flight message becomes visible again', async () => {
    test.sqs.send(arn, 'a');
    const { ReceiptHandle } = onlyMessage(await poll());
    const polling = poll(20);
    await roundTrip();
    const Entries = [{ Id: '0', ReceiptHandle, VisibilityTimeout: 5 }];
    await test.client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
    expect(onlyMessage(await polling)).toMatchObject({ Body: 'a' });
  });

  it('returns without messages when the wait is over', async () => {
    expect((await poll(1)).Messages).toBeUndefined();
  });

  it('returns each message to one of the waiting callers', async () => {
    const polling = [poll(20), poll(20)];
    await roundTrip();
    test.sqs.send(arn, 'a');
    const first = await Promise.race(polling);
    test.sqs.send(arn, 'b');
    const bodies = (await Promise.all(polling)).map((answer) => onlyMessage(answer).Body);
    expect(onlyMessage(first).Body).toBe('a');
    expect(bodies.sort()).toEqual(['a', 'b']);
  });

  it('receives no message after its caller has disconnected', async () => {
    const disconnecting = new AbortController();
    const polling = poll(20, disconnecting.signal);
    await roundTrip();
    disconnecting.abort();
    await expect(polling).rejects.toThrow();
    await roundTrip();
    test.sqs.send(arn, 'a');
    expect(test.sqs.depth(arn).ready).toBe(1);
    expect(onlyMessage(await poll()).Body).toBe('a');
  });

  it('ends when the server closes', async () => {
    const polling = expect(poll(20)).rejects.toThrow();
    await roundTrip();
    await test.sqs.close();
    await polling;
  });
});
