import {
  BatchEntryIdsNotDistinct,
  BatchRequestTooLong,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  EmptyBatchRequest,
  InvalidBatchEntryId,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  TooManyEntriesInBatchRequest,
  type Message,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { useSqs } from './sqs-under-test';

const test = useSqs();

describe('a batch request', () => {
  let QueueUrl: string;
  let arn: string;
  beforeEach(() => {
    ({ url: QueueUrl, arn } = test.sqs.createQueue('uploads'));
  });

  const sendBatch = (...Entries: SendMessageBatchRequestEntry[]) =>
    test.client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  const receive = async (): Promise<Message[]> => {
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
    return (await test.client.send(command)).Messages ?? [];
  };

  it('sends each message, with its delay', async () => {
    const { Successful = [], Failed } = await sendBatch(
      { Id: 'one', MessageBody: 'a' },
      { Id: 'two', MessageBody: 'b', DelaySeconds: 900 },
    );
    expect(Successful.map(({ Id }) => Id)).toEqual(['one', 'two']);
    expect(Failed).toBeUndefined();
    expect(await receive()).toEqual([expect.objectContaining({ Body: 'a', MessageId: Successful[0]?.MessageId })]);
  });

  it('sends the valid messages and reports the others with SQS’s error codes', async () => {
    ({ url: QueueUrl, arn } = test.sqs.createQueue('short', { MaximumMessageSize: '1024' }));
    const { Successful = [], Failed } = await sendBatch(
      { Id: 'long', MessageBody: 'a'.repeat(1025) },
      { Id: 'invalid-name', MessageBody: 'a', MessageAttributes: { '.': { DataType: 'String', StringValue: 'x' } } },
      { Id: 'with-group', MessageBody: 'a', MessageGroupId: 'g' },
      { Id: 'good', MessageBody: 'b' },
    );
    expect(Successful.map(({ Id }) => Id)).toEqual(['good']);
    expect(Failed).toEqual([
      expect.objectContaining({ Id: 'long', SenderFault: true, Code: 'InvalidParameterValue' }),
      expect.objectContaining({ Id: 'invalid-name', SenderFault: true, Code: 'InvalidParameterValue' }),
      expect.objectContaining({ Id: 'with-group', SenderFault: false, Code: 'NotImplemented' }),
    ]);
    expect(test.sqs.depth(arn).ready).toBe(1);
  });

  it('deletes each message', async () => {
    for (const body of ['a', 'b', 'c']) test.sqs.send(arn, body);
    const [first, second] = await receive();
    const { Successful = [], Failed = [] } = await test.client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'a', ReceiptHandle: first?.ReceiptHandle },
          { Id: 'b', ReceiptHandle: second?.ReceiptHandle },
          { Id: 'x', ReceiptHandle: 'nonsense' },
        ],
      }),
    );
    expect(Successful).toEqual([{ Id: 'a' }, { Id: 'b' }]);
    expect(Failed).toEqual([expect.objectContaining({ Id: 'x', Code: 'ReceiptHandleIsInvalid', SenderFault: true })]);
    expect(test.sqs.depth(arn)).toEqual({ ready: 0, inFlight: 1, delayed: 0 });
  });

  it('changes the visibility timeout of each message separately', async () => {
    for (const body of ['a', 'b']) test.sqs.send(arn, body);
    const [first, second] = await receive();
    const { Successful, Failed } = await test.client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'a', ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 },
          { Id: 'b', ReceiptHandle: second?.ReceiptHandle },
        ],
      }),
    );
    expect(Successful).toEqual([{ Id: 'a' }]);
    expect(Failed).toEqual([expect.objectContaining({ Id: 'b', Code: 'MissingParameter' })]);
    expect(test.sqs.depth(arn)).toEqual({ ready: 1, inFlight: 1, delayed: 0 });
  });

  const entries = (...ids: string[]) => ids.map((Id) => ({ Id, MessageBody: 'a' }));
  const numbered = (count: number) => entries(...Array.from({ length: count }, (_, index) => `id-${index}`));

  it('can have ten entries', async () => {
    await sendBatch(...numbered(10));
    expect(test.sqs.depth(arn).ready).toBe(10);
  });

  it.each([
    ['no entry', [], EmptyBatchRequest],
    ['eleven entries', numbered(11), TooManyEntriesInBatchRequest],
    ['an ID twice', entries('a', 'b', 'a'), BatchEntryIdsNotDistinct],
    ['an ID with a dot', entries('a.b'), InvalidBatchEntryId],
    ['an ID of 81 characters', entries('a'.repeat(81)), InvalidBatchEntryId],
    [
      'more than 1 MiB in total',
      [
        { Id: 'a', MessageBody: 'a'.repeat(1_000_000) },
        { Id: 'b', MessageBody: 'a'.repeat(48_577) },
      ],
      BatchRequestTooLong,
    ],
  ])('with %s is refused, and no message is sent', async (_, refused, error) => {
    await expect(sendBatch(...refused)).rejects.toBeInstanceOf(error);
    expect(test.sqs.depth(arn).ready).toBe(0);
  });
});
