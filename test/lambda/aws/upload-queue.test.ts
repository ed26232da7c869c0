import {
  ChangeMessageVisibilityBatchCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { UploadQueue } from '../../../lambda/aws/upload-queue';
import { never } from '../fixtures/fake-time';

const sqs = mockClient(SQSClient);
let timers: { readonly ms: number; readonly fire: () => void }[];
const after = (ms: number, fire: () => void) => {
  timers.push({ ms, fire });
  return () => undefined;
};
const queue = new UploadQueue(
  new SQSClient({ region: 'eu-west-2' }),
  { upload: 'uploads', deadLetter: 'dead' },
  { after },
);

beforeEach(() => {
  timers = [];
  sqs.reset();
  sqs.rejects(new Error('unplanned call'));
});

describe('hide', () => {
  it('sets the visibility timeout of all messages in one request, rounded up to whole seconds', async () => {
    sqs.on(ChangeMessageVisibilityBatchCommand).resolves({ Successful: [], Failed: [] });
    await queue.hide([
      { receiptHandle: 'a', forMs: 60_000 },
      { receiptHandle: 'b', forMs: 60_001 },
    ]);
    expect(sqs.calls()).toHaveLength(1);
    expect(sqs.call(0).args[0].input).toEqual({
      QueueUrl: 'uploads',
      Entries: [
        { Id: '0', ReceiptHandle: 'a', VisibilityTimeout: 60 },
        { Id: '1', ReceiptHandle: 'b', VisibilityTimeout: 61 },
      ],
    });
  });
});

describe('receive', () => {
  it.each([
    ['without attributes as received for the first time', {}],
    ['with empty attributes as received for the first time', { Attributes: {} }],
  ])('returns a message %s, from an unknown sender', async (_, more) => {
    const message = { MessageId: 'm1', ReceiptHandle: 'a', Body: '{}', ...more };
    sqs.on(ReceiveMessageCommand).resolves({ Messages: [message] });
    await expect(queue.receive(60_000)).resolves.toEqual([
      { messageId: 'm1', receiptHandle: 'a', body: '{}', receives: 1, senderId: undefined },
    ]);
  });

  it('returns nothing if SQS’s answer has no list of messages', async () => {
    sqs.on(ReceiveMessageCommand).resolves({});
    await expect(queue.receive(60_000)).resolves.toEqual([]);
  });
});

describe.each([
  ['hide', () => queue.hide([{ receiptHandle: 'a', forMs: 1 }])],
  ['delete', () => queue.delete([{ receiptHandle: 'a' }])],
])('%s', (_, act) => {
  it.each([{}, { Failed: [] }])('succeeds if SQS names no failures: %j', async (answer) => {
    sqs.resolves(answer);
    await expect(act()).resolves.toBeUndefined();
  });

  it('reports messages that SQS did not accept', async () => {
    const failed = { Id: '0', Code: 'ReceiptHandleIsInvalid', SenderFault: true };
    sqs.resolves({ Successful: [], Failed: [failed] });
    const acting = act();
    await expect(acting).rejects.toMatchObject({ code: 'sqs-failed' });
    await expect(acting).rejects.toThrow('ReceiptHandleIsInvalid');
  });
});

describe('deadLetter', () => {
  it('sends the unchanged message, with the reason as an attribute', async () => {
    sqs.on(SendMessageCommand).resolves({});
    await queue.deadLetter('{"a":1}', 'not-an-event');
    expect(sqs.call(0).args[0].input).toEqual({
      QueueUrl: 'dead',
      MessageBody: '{"a":1}',
      MessageAttributes: { DeadLetterReason: { DataType: 'String', StringValue: 'not-an-event' } },
    });
  });
});

describe.each<[string, () => Promise<unknown>]>([
  ['ChangeMessageVisibilityBatch', () => queue.hide([{ receiptHandle: 'a', forMs: 1 }])],
  ['ReceiveMessage', () => queue.receive(60_000)],
  ['DeleteMessageBatch', () => queue.delete([{ receiptHandle: 'a' }])],
  ['SendMessage', () => queue.deadLetter('a', 'not-json')],
])('the request %s', (operation, act) => {
  it('fails when SQS fails, with its name', async () => {
    const cause = new Error('throttled');
    sqs.rejects(cause);
    const acting = act();
    await expect(acting).rejects.toMatchObject({ name: 'RetryLaterError', code: 'sqs-failed', cause });
    await expect(acting).rejects.toThrow(operation);
  });

  it('fails after five seconds when SQS never answers, and aborts the request', async () => {
    sqs.callsFake(never);
    const acting = act();
    expect(timers.map(({ ms }) => ms)).toEqual([5_000, 5_000]);
    for (const { fire } of timers) fire();
    await expect(acting).rejects.toMatchObject({ code: 'sqs-failed' });
    expect(sqs.call(0).args).toEqual([
      expect.anything(),
      { abortSignal: expect.objectContaining({ aborted: true }) as unknown },
    ]);
  });
});
