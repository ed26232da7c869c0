import { ChangeMessageVisibilityCommand, GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { onlyMessage, startSqsUnderTest, type SqsUnderTest } from './sqs-under-test';

describe('a long poll', () => {
  let test: SqsUnderTest;
  let QueueUrl: string;
  let arn: string;

  beforeEach(async () => {
    test = await startSqsUnderTest({ waitSpeed: 100 });
    ({ url: QueueUrl, arn } = test.sqs.createQueue('uploads'));
  });
  afterEach(() => test.close());

  // Twenty seconds, SQS's longest, are more than a test may take: what is answered is answered early.
  const poll = (WaitTimeSeconds?: number, abortSignal?: AbortSignal) =>
    test.client.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds, MaxNumberOfMessages: 10 }),
      abortSignal && { abortSignal },
    );
  /** A round trip, after which the server has read what was sent before. */
  const roundTrip = () => test.client.send(new GetQueueUrlCommand({ QueueName: 'uploads' }));

  it('answers at once with the messages that are there', async () => {
    test.sqs.send(arn, 'a');
    test.sqs.send(arn, 'b');
    expect((await poll(20)).Messages).toHaveLength(2);
  });

  it('answers as soon as a message is sent', async () => {
    const polling = poll(20);
    await roundTrip();
    test.sqs.send(arn, 'a');
    expect(onlyMessage(await polling).Body).toBe('a');
  });

  it('waits as long as the queue says when the receiver does not', async () => {
    ({ url: QueueUrl, arn } = test.sqs.createQueue('patient', { ReceiveMessageWaitTimeSeconds: '20' }));
    const polling = poll();
    await roundTrip();
    test.sqs.send(arn, 'a');
    expect(onlyMessage(await polling).Body).toBe('a');
  });

  it('answers when a message in flight becomes visible again', async () => {
    test.sqs.send(arn, 'a');
    const { ReceiptHandle } = onlyMessage(await poll());
    const polling = poll(20);
    await roundTrip();
    await test.client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 5 }));
    expect(onlyMessage(await polling)).toMatchObject({ Body: 'a' });
  });

  it('answers without messages when the wait is over', async () => {
    expect((await poll(1)).Messages).toBeUndefined();
  });

  it('gives each message to one of those who wait', async () => {
    const polling = [poll(20), poll(20)];
    await roundTrip();
    test.sqs.send(arn, 'a');
    const first = await Promise.race(polling);
    test.sqs.send(arn, 'b');
    const bodies = (await Promise.all(polling)).map((answer) => onlyMessage(answer).Body);
    expect(onlyMessage(first).Body).toBe('a');
    expect(bodies.sort()).toEqual(['a', 'b']);
  });

  it('takes no message once its caller has gone', async () => {
    const gone = new AbortController();
    const polling = poll(20, gone.signal);
    await roundTrip();
    gone.abort();
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
