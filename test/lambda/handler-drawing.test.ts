import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it, jest } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { makeJpeg } from 'sample-photos/jpeg';
import { fakeTime, until } from './fixtures/fake-time';
import { photoLocation, s3Body, s3Record, sqsEvent, sqsRecord } from './fixtures/events';
import {
  accepted,
  acknowledged,
  complyCube,
  deadLetters,
  deleted,
  invoke,
  livePhotoId,
  logLines,
  metadata,
  photoIs,
  photoLines,
  queueHolds,
  s3,
  sqs,
  waits,
  writtenTags,
} from './fixtures/handler-fixture';
import { s3Failure, s3Photo } from './fixtures/s3-answers';

const message = (id: string, receives = 1) => sqsRecord(id, s3Body(s3Record({ key: id })), receives);
const twoDelivered = sqsEvent(message('d1'), message('d2'));
const failingKey = (key: string) => s3.on(GetObjectCommand, { Key: key }).rejects(s3Failure(503, 'SlowDown'));
const receipts = (...ids: string[]) => ids.map((id) => `receipt of ${id}`);
const receives = () => sqs.commandCalls(ReceiveMessageCommand).map(({ args: [{ input }] }) => input);
const summary = () =>
  logLines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .find((line) => line['message'] === 'batch processed');

describe('drawing further messages', () => {
  it('does not happen for a single message, which costs no request to receive or delete', async () => {
    await expect(invoke(sqsEvent(message('d1')))).resolves.toEqual(acknowledged);
    expect(receives()).toEqual([]);
    expect(deleted()).toEqual([]);
    expect(summary()).not.toHaveProperty('drawn');
  });

  it.each([
    ['begins for a single message that has waited in the queue', 1, 5_000, 1],
    ['does not begin for a single message that was delivered sooner', 1, 4_999, 0],
    ['does not begin for a single message that was received before', 2, 60_000, 0],
  ])('%s', async (_, receiveCount, waitedMs, expected) => {
    const single = message('d1', receiveCount);
    const firstReceivedAtMs = Number(single.attributes.SentTimestamp) + waitedMs;
    Object.assign(single.attributes, { ApproximateFirstReceiveTimestamp: String(firstReceivedAtMs) });
    await expect(invoke(sqsEvent(single))).resolves.toEqual(acknowledged);
    expect(receives()).toHaveLength(expected);
    expect(deleted()).toHaveLength(expected);
  });

  it('begins with a batch of two, and ends when a receive is empty', async () => {
    queueHolds([message('r1'), message('r2')], [message('r3')]);
    await expect(invoke(twoDelivered)).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(5);
    expect(writtenTags()).toHaveLength(5);
    expect(receives()).toHaveLength(3);
    expect(summary()).toMatchObject({ messages: 2, drawn: 3, retried: 0 });
  });

  it('receives up to ten messages with a wait of a second, and hides them for their first wait', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    await invoke(twoDelivered);
    expect(receives()).toEqual([
      {
        QueueUrl: 'https://sqs.eu-west-2.amazonaws.com/123456789012/uploads',
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        VisibilityTimeout: 60,
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SenderId'],
      },
    ]);
  });

  it('happens while photos wait for ComplyCube’s answers', async () => {
    queueHolds([message('r1')], [message('r2')]);
    const waiting: (() => void)[] = [];
    complyCube.replyWith((response) => {
      waiting.push(() => response.end(JSON.stringify({ id: livePhotoId })));
      // No answer comes before all four requests have.
      if (waiting.length === 4) for (const answer of waiting) answer();
    });
    await expect(invoke(twoDelivered)).resolves.toEqual(acknowledged);
  });

  it('deletes messages that are done, delivered ones too, because they would be visible again before the invocation ends', async () => {
    queueHolds([message('r1')]);
    await invoke(twoDelivered);
    expect(deleted().flat().sort()).toEqual(receipts('d1', 'd2', 'r1'));
  });

  it('deletes ten messages with one request', async () => {
    fakeTime();
    queueHolds(
      Array.from({ length: 10 }, (_, at) => message(`r${at}`)),
      Array.from({ length: 8 }, (_, at) => message(`s${at}`)),
    );
    await invoke(twoDelivered);
    expect(deleted().map(({ length }) => length)).toEqual([10, 10]);
  });

  it('hides a message that failed for its next wait, and does not delete it', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    failingKey('r1');
    queueHolds([message('r1'), message('r2')]);
    await expect(invoke(twoDelivered)).resolves.toEqual(acknowledged);
    expect(deleted().flat().sort()).toEqual(receipts('d1', 'd2', 'r2'));
    expect(waits()).toEqual([[60, 60], [60]]);
    expect(summary()).toMatchObject({ drawn: 2, retried: 1 });
  });

  it('hides redelivered messages for their longer waits when their processing starts', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    queueHolds([message('r1', 3), message('r2'), message('r3', 5)]);
    await invoke(twoDelivered);
    expect(waits()).toEqual([
      [60, 60],
      [240, 960],
    ]);
  });

  it('reports only delivered messages as failed', async () => {
    failingKey('d2');
    failingKey('r1');
    queueHolds([message('r1')]);
    await expect(invoke(twoDelivered)).resolves.toEqual({ batchItemFailures: [{ itemIdentifier: 'd2' }] });
    expect(deleted().flat()).toEqual(receipts('d1'));
  });

  it('sends a message that is no event to the dead-letter queue, and deletes it', async () => {
    queueHolds([sqsRecord('r1', 'not an event')]);
    await invoke(twoDelivered);
    expect(deadLetters()).toMatchObject([{ body: 'not an event' }]);
    expect(deleted().flat()).toContain('receipt of r1');
  });

  it('processes a message again that comes back while its first delivery is reported as failed', async () => {
    s3.on(GetObjectCommand, { Key: 'd2' })
      .rejectsOnce(s3Failure(503, 'SlowDown'))
      .callsFake(() => {
        throw s3Failure(404, 'NoSuchKey');
      });
    queueHolds([{ ...message('d2', 2), receiptHandle: 'second receipt' }]);
    await expect(invoke(twoDelivered)).resolves.toEqual({ batchItemFailures: [{ itemIdentifier: 'd2' }] });
    expect(deleted().flat().sort()).toEqual(['receipt of d1', 'second receipt']);
  });

  it('ends when the account is at fault', async () => {
    complyCube.replyWith({ status: 402 });
    sqs.on(ReceiveMessageCommand).callsFake(async () => {
      await until(() => photoLines().length >= 2);
      return { Messages: [{ MessageId: 'r1', ReceiptHandle: 'receipt of r1', Body: message('r1').body }] };
    });
    await invoke(twoDelivered);
    expect(receives()).toHaveLength(1);
    // The second photo's call may not have started yet.
    expect(complyCube.requests.length).toBeLessThanOrEqual(2);
    expect(photoLines().every(({ errorCode }) => errorCode === 'account-fault')).toBe(true);
  });

  it.each([
    ['does not begin when a photo would not have its whole time', 60_000 + 10_000 + 1_999, 0],
    ['begins when a photo has its whole time', 60_000 + 10_000 + 2_000, 1],
  ])('%s', async (_, remainingMs, expected) => {
    await expect(invoke(twoDelivered, remainingMs)).resolves.toEqual(acknowledged);
    expect(receives()).toHaveLength(expected);
  });

  it('ends when SQS fails, and the photos in process are not affected', async () => {
    sqs.on(ReceiveMessageCommand).rejects(new Error('SQS is away'));
    await expect(invoke(twoDelivered)).resolves.toEqual(acknowledged);
    expect(writtenTags()).toHaveLength(2);
    expect(logLines.join('')).toContain('no further messages could be received');
  });

  it.each([
    ['fails', () => sqs.on(DeleteMessageBatchCommand).rejects(new Error('SQS is away'))],
    [
      'fails for a message',
      () =>
        sqs
          .on(DeleteMessageBatchCommand)
          .resolves({ Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }] }),
    ],
  ])('logs that deleting %s: the messages come back, and are skipped', async (_, fail) => {
    fail();
    await expect(invoke(twoDelivered)).resolves.toEqual(acknowledged);
    expect(logLines.join('')).toContain('messages could not be deleted');
  });

  it('does not hide messages that were received for the first time a second time', async () => {
    queueHolds([message('r1')]);
    complyCube.replyWith(accepted);
    await invoke(twoDelivered);
    expect(sqs.commandCalls(ChangeMessageVisibilityBatchCommand)).toHaveLength(1);
  });
});

describe('large photos', () => {
  const large = makeJpeg({ bytes: 300_000, seed: 1 });
  const messages = (count: number) => Array.from({ length: count }, (_, at) => message(`d${at + 1}`));
  const claimed = () => s3.commandCalls(PutObjectCommand, { Bucket: 'claims' }).length;
  const opened = () => s3.commandCalls(GetObjectCommand, { Bucket: photoLocation.bucket }).length;
  /** Makes ComplyCube keep its answers. */
  const holdAnswers = () => {
    const held: ServerResponse[] = [];
    complyCube.replyWith((response) => held.push(response));
    return held;
  };
  const answer = (held: readonly ServerResponse[]) => {
    for (const response of held) response.end(JSON.stringify({ id: livePhotoId }));
  };

  it('are open ten at a time: the next one is opened when a request was sent, before its answer', async () => {
    const bodies: Readable[] = [];
    s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).callsFake(() => {
      const body = new Readable({ read: () => undefined });
      body.push(large.subarray(0, -1));
      bodies.push(body);
      return s3Photo(large, { metadata, body });
    });
    const finish = (body: Readable | undefined) => {
      body?.push(large.subarray(-1));
      body?.push(null);
    };
    const held = holdAnswers();
    const answering = invoke(sqsEvent(...messages(11)));
    await until(() => claimed() === 11 && opened() >= 10);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect([opened(), held.length]).toEqual([10, 0]);

    finish(bodies[3]);
    await until(() => opened() === 11 && held.length === 1);
    bodies.forEach((body, at) => at !== 3 && finish(body));
    await until(() => held.length === 11);
    answer(held);
    await expect(answering).resolves.toEqual(acknowledged);
  });

  it('do not wait for the answers to others, however long these take', async () => {
    photoIs(large);
    const held = holdAnswers();
    const answering = invoke(sqsEvent(...messages(25)));
    await until(() => held.length === 25);
    answer(held);
    await expect(answering).resolves.toEqual(acknowledged);
    expect(writtenTags()).toHaveLength(25);
  });
});
