import { GetObjectCommand } from '@aws-sdk/client-s3';
import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it, jest } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { photoLocation, s3Body, s3Record, sqsEvent, sqsRecord } from './fixtures/events';
import {
  acknowledged,
  accepted,
  claimExists,
  complyCube,
  invoke,
  invokeOne,
  logLines,
  retried,
  s3,
  sqs,
  waits,
} from './fixtures/handler-fixture';
import { s3Failure } from './fixtures/s3-answers';
import type { Reply } from './fixtures/scripted-server';

/** Sets jitter to its minimum or maximum. */
const jitterIs = (at: 'lowest' | 'highest') =>
  jest.spyOn(Math, 'random').mockReturnValue(at === 'lowest' ? 0 : 1 - 1e-9);
const tooManyRequests = (retryAfter: string): Reply => ({ status: 429, headers: { 'retry-after': retryAfter } });
const hour = 3_600;

describe('when processing starts', () => {
  it('one request hides all messages of the batch, each for its next wait', async () => {
    jitterIs('lowest');
    const messages = [1, 2, 3, 4, 5, 6, 7, 129].map((receives) =>
      sqsRecord(`m${receives}`, s3Body(s3Record({ key: `k${receives}` })), receives),
    );
    await expect(invoke(sqsEvent(...messages))).resolves.toEqual(acknowledged);
    expect(waits()).toEqual([[60, 120, 240, 480, 960, 1_920, 2_880, 2_880]]);
    const [call] = sqs.commandCalls(ChangeMessageVisibilityBatchCommand);
    expect(call?.args[0].input).toMatchObject({
      QueueUrl: 'https://sqs.eu-west-2.amazonaws.com/123456789012/uploads',
      Entries: messages.map(({ receiptHandle }) => ({ ReceiptHandle: receiptHandle })),
    });
  });

  it('jitter lengthens each wait by up to a quarter', async () => {
    jitterIs('highest');
    const messages = [1, 7].map((receives) =>
      sqsRecord(`m${receives}`, s3Body(s3Record({ key: `k${receives}` })), receives),
    );
    await invoke(sqsEvent(...messages));
    expect(waits()).toEqual([[75, hour]]);
  });

  it.each(['', '0', '-1', 'many', 'NaN'])('a receive count of %j counts as the first receive', async (count) => {
    jitterIs('lowest');
    const record = sqsRecord('m1', s3Body());
    const odd: SQSRecord = { ...record, attributes: { ...record.attributes, ApproximateReceiveCount: count } };
    await invoke(sqsEvent(odd));
    expect(waits()).toEqual([[60]]);
  });

  it('the photo is processed before SQS answers', async () => {
    let answer: (value: object) => void = () => undefined;
    sqs.on(ChangeMessageVisibilityBatchCommand).callsFake(() => new Promise((resolve) => (answer = resolve)));
    complyCube.replyWith((response) => {
      answer({});
      response.end(JSON.stringify({ id: 'abc' }));
    });
    await expect(invokeOne()).resolves.toEqual(acknowledged);
  });

  it.each<[string, () => void]>([
    ['SQS fails', () => sqs.on(ChangeMessageVisibilityBatchCommand).rejects(new Error('throttled'))],
    [
      'SQS accepts only some messages',
      () =>
        sqs
          .on(ChangeMessageVisibilityBatchCommand)
          .resolves({ Successful: [], Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }] }),
    ],
  ])('photos are processed even if %s', async (_, arrange) => {
    arrange();
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(1);
    expect(logLines.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ level: 'WARN', waitError: expect.any(String) as unknown }),
    );
  });
});

describe('after a failure', () => {
  it.each<[string, Reply, number, number]>([
    ['429', { status: 429 }, 1, 60],
    ['429', { status: 429 }, 130, 2_880],
    ['429 with Retry-After: 0', tooManyRequests('0'), 1, 60],
    ['429 with Retry-After: 1', tooManyRequests('1'), 1, 60],
    ['429 with Retry-After: 90', tooManyRequests('90'), 1, 90],
    ['429 with Retry-After of ten hours', tooManyRequests('36000'), 1, 2_880],
    ['503 with Retry-After: 1', { status: 503, headers: { 'retry-after': '1' } }, 1, 75],
    ['503 with Retry-After: 300', { status: 503, headers: { 'retry-after': '300' } }, 1, 300],
    ['an unknown outcome', { status: 500 }, 1, 75],
    ['a reset', (response) => response.destroy(), 1, 75],
    ['402', { status: 402 }, 1, 300],
    ['403', { status: 403 }, 5, 960],
    ['401 twice', { status: 401 }, 1, 300],
    ['a refusal', { status: 409 }, 1, 60],
    ['a refusal with Retry-After', { status: 409, headers: { 'retry-after': '300' } }, 1, 60],
    ['an unknown client', { status: 404, body: { message: 'Invalid client id' } }, 4, 480],
  ])('a message waits between w and 1.25 w: after %s, received %i times, w is %i s', async (_, reply, receives, w) => {
    complyCube.replyWith(reply);
    for (const [jitter, wait] of [
      ['lowest', w],
      ['highest', Math.ceil(1.25 * w)],
    ] as const) {
      jitterIs(jitter);
      await expect(invokeOne(s3Body(s3Record({ key: jitter })), receives)).resolves.toEqual(retried);
      expect(waits().at(-1)).toEqual([wait]);
    }
    expect(waits()).toHaveLength(4);
  });

  it.each<[string, () => void, number]>([
    ['S3 fails', () => s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).rejects(s3Failure(503, 'x')), 60],
    ['another delivery holds the claim', () => claimExists(90_000), 60],
  ])('a message waits the usual time if %s', async (_, arrange, wait) => {
    jitterIs('lowest');
    arrange();
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(waits().at(-1)).toEqual([wait]);
  });

  it('a message with several photos waits for the longest of their hints', async () => {
    jitterIs('lowest');
    complyCube.replyWith(tooManyRequests('17'), { status: 402 }, tooManyRequests('90'));
    const body = s3Body(...['a', 'b', 'c'].map((key) => s3Record({ key })));
    await expect(invokeOne(body)).resolves.toEqual(retried);
    expect(waits().at(-1)).toEqual([300]);
  });

  it('each message waits for its own hint', async () => {
    jitterIs('lowest');
    complyCube.replyWith(accepted, tooManyRequests('90'), tooManyRequests('200'));
    await invoke(sqsEvent(...['a', 'b', 'c'].map((id) => sqsRecord(id, s3Body(s3Record({ key: id }))))));
    const [atStart, ...afterFailure] = waits();
    expect(atStart).toEqual([60, 60, 60]);
    expect(new Set(afterFailure.map(([wait]) => wait))).toEqual(new Set([90, 200]));
  });

  it('the wait of a message is set after the first request was answered, so that it has the last word', async () => {
    const order: string[] = [];
    let answer: (value: object) => void = () => undefined;
    sqs
      .on(ChangeMessageVisibilityBatchCommand)
      .callsFakeOnce(async () => {
        await new Promise<object>((resolve) => (answer = resolve));
        order.push('start answered');
        return {};
      })
      .callsFake(() => {
        order.push('wait set');
        return {};
      });
    complyCube.replyWith((response) => {
      response.writeHead(429).end();
      setTimeout(answer, 20, {});
    });
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(order).toEqual(['start answered', 'wait set']);
  });

  it('a message is retried even if its wait can’t be set', async () => {
    sqs.on(ChangeMessageVisibilityBatchCommand).rejects(new Error('throttled'));
    complyCube.replyWith({ status: 429 });
    await expect(invokeOne()).resolves.toEqual(retried);
  });

  it('a message waits if the invocation has no time left', async () => {
    jitterIs('lowest');
    await expect(invoke(sqsEvent(sqsRecord('m1', s3Body(), 3)), 15_000)).resolves.toEqual(retried);
    expect(waits()).toEqual([[240], [240]]);
  });
});
