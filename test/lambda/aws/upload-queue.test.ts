import { ChangeMessageVisibilityBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
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

  it('reports messages that SQS did not accept', async () => {
    const failed = { Id: '0', Code: 'ReceiptHandleIsInvalid', SenderFault: true };
    sqs.on(ChangeMessageVisibilityBatchCommand).resolves({ Successful: [], Failed: [failed] });
    const hiding = queue.hide([{ receiptHandle: 'a', forMs: 1 }]);
    await expect(hiding).rejects.toMatchObject({ code: 'sqs-failed' });
    await expect(hiding).rejects.toThrow('ReceiptHandleIsInvalid');
  });

  it('succeeds if SQS’s answer has no list of failures', async () => {
    sqs.on(ChangeMessageVisibilityBatchCommand).resolves({});
    await expect(queue.hide([{ receiptHandle: 'a', forMs: 1 }])).resolves.toBeUndefined();
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

describe.each<[string, () => Promise<void>]>([
  ['hide', () => queue.hide([{ receiptHandle: 'a', forMs: 1 }])],
  ['deadLetter', () => queue.deadLetter('a', 'not-json')],
])('%s', (_, act) => {
  it('fails when SQS fails', async () => {
    const cause = new Error('throttled');
    sqs.rejects(cause);
    await expect(act()).rejects.toMatchObject({ name: 'RetryLaterError', code: 'sqs-failed', cause });
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
