import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  InvalidMessageContents,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  type MessageAttributeValue,
  type ReceiveMessageCommandInput,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { onlyMessage, useSqs } from './sqs-under-test';

const test = useSqs();

describe('messages', () => {
  let QueueUrl: string;
  let arn: string;
  beforeEach(() => {
    ({ url: QueueUrl, arn } = test.sqs.createQueue('uploads'));
  });

  const send = (MessageBody: string, MessageAttributes?: Record<string, MessageAttributeValue>) =>
    test.client.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
  const receive = (input: Partial<ReceiveMessageCommandInput> = {}) =>
    test.client.send(new ReceiveMessageCommand({ QueueUrl, ...input }));
  /** Changes a message's visibility. @returns the error's code, if any. */
  const changeVisibility = async (ReceiptHandle: string | undefined, VisibilityTimeout: number) => {
    const Entries = [{ Id: '0', ReceiptHandle, VisibilityTimeout }];
    const { Failed } = await test.client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
    return Failed?.[0]?.Code;
  };

  it('are received unchanged, with an MD5 that the SDK verifies', async () => {
    const { MessageId, MD5OfMessageBody } = await send('Grüße 📷');
    expect(onlyMessage(await receive())).toEqual({
      MessageId,
      MD5OfBody: MD5OfMessageBody,
      Body: 'Grüße 📷',
      ReceiptHandle: expect.any(String),
    });
  });

  it('sent without HTTP are received with the same message ID', async () => {
    const id = test.sqs.send(arn, 'a');
    expect(onlyMessage(await receive())).toMatchObject({ MessageId: id, Body: 'a' });
  });

  it('are received one at a time by default, and never more than requested', async () => {
    for (const body of ['a', 'b', 'c', 'd']) test.sqs.send(arn, body);
    expect((await receive()).Messages).toHaveLength(1);
    expect((await receive({ MaxNumberOfMessages: 2 })).Messages).toHaveLength(2);
    expect((await receive({ MaxNumberOfMessages: 10 })).Messages).toHaveLength(1);
    expect((await receive()).Messages).toBeUndefined();
  });

  it('have the requested system attributes', async () => {
    test.sqs.send(arn, 'a');
    const { Attributes } = onlyMessage(await receive({ MessageSystemAttributeNames: ['All'], VisibilityTimeout: 0 }));
    expect(Attributes).toEqual({
      SenderId: expect.any(String),
      SentTimestamp: expect.stringMatching(/^\d{13}$/),
      ApproximateReceiveCount: '1',
      ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
    });
    const again = onlyMessage(await receive({ MessageSystemAttributeNames: ['ApproximateReceiveCount'] }));
    expect(again.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  });

  describe('with attributes', () => {
    const attributes = {
      'photo.kind': { DataType: 'String', StringValue: 'live' },
      'photo.bytes': { DataType: 'Number.int', StringValue: '34816' },
      digest: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2, 255) },
    };

    it('have all of them on request, with binary values unchanged', async () => {
      const { MD5OfMessageAttributes } = await send('a', attributes);
      const message = onlyMessage(await receive({ MessageAttributeNames: ['All'] }));
      expect(message).toMatchObject({ MessageAttributes: attributes, MD5OfMessageAttributes });
    });

    it.each([
      ['a name', ['digest'], ['digest']],
      ['a missing name', ['other'], []],
      ['no name', [], []],
    ])('have the attributes requested by %s', async (_, MessageAttributeNames, names) => {
      await send('a', attributes);
      const { MessageAttributes = {} } = onlyMessage(await receive({ MessageAttributeNames }));
      expect(Object.keys(MessageAttributes).sort()).toEqual(names);
    });

    it.each([
      ['an empty value', { a: { DataType: 'String', StringValue: '' } }],
      ['a value of the wrong kind', { a: { DataType: 'Binary', StringValue: 'x' } }],
      ['an unknown type', { a: { DataType: 'Text', StringValue: 'x' } }],
      ['a reserved name', { 'AWS.a': { DataType: 'String', StringValue: 'x' } }],
      ['a name that ends in a period', { 'a.': { DataType: 'String', StringValue: 'x' } }],
      [
        'eleven attributes',
        Object.fromEntries(
          Array.from({ length: 11 }, (_, index) => [`a${index}`, { DataType: 'String', StringValue: 'x' }]),
        ),
      ],
    ])('are refused with %s', async (_, refused) => {
      await expect(send('a', refused)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    });
  });

  it('have the MD5 of their attributes that SQS computes', async () => {
    const { MD5OfMessageAttributes } = await send('a', { Foo: { DataType: 'String', StringValue: 'Bar' } });
    expect(MD5OfMessageAttributes).toBe('ae7155c6026991b6d54b11589678bf9c');
  });

  it('are refused above the queue’s maximum size, which includes attributes', async () => {
    ({ url: QueueUrl, arn } = test.sqs.createQueue('short', { MaximumMessageSize: '1024' }));
    await send('ü'.repeat(512));
    await expect(send('ü'.repeat(512) + 'a')).rejects.toThrow(/shorter than 1024 bytes/);
    const nineBytes = { ab: { DataType: 'String', StringValue: 'x' } };
    await send('a'.repeat(1015), nineBytes);
    await expect(send('a'.repeat(1016), nineBytes)).rejects.toThrow(/shorter than 1024 bytes/);
    expect(test.sqs.depth(arn).ready).toBe(2);
  });

  it('can have 1 MiB by default', async () => {
    await send('a'.repeat(1_048_576));
    expect(onlyMessage(await receive()).Body).toHaveLength(1_048_576);
    await expect(send('a'.repeat(1_048_577))).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('are refused if empty or with characters that SQS does not allow', async () => {
    await expect(send('')).rejects.toMatchObject({ name: 'MissingParameter' });
    await expect(send('\u0000')).rejects.toBeInstanceOf(InvalidMessageContents);
    await expect(send('\uFFFE')).rejects.toBeInstanceOf(InvalidMessageContents);
  });

  it('are refused by a queue that does not exist, with and without HTTP', async () => {
    QueueUrl += '-not';
    await expect(send('a')).rejects.toBeInstanceOf(QueueDoesNotExist);
    expect(() => test.sqs.send(`${arn}-not`, 'a')).toThrow('The specified queue does not exist.');
  });

  it('are not received after they are deleted', async () => {
    test.sqs.send(arn, 'a');
    const { ReceiptHandle } = onlyMessage(await receive({ VisibilityTimeout: 0 }));
    await test.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    expect((await receive()).Messages).toBeUndefined();
  });

  it('are counted as visible, in flight or delayed', async () => {
    for (const body of ['a', 'b', 'c']) test.sqs.send(arn, body);
    await test.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'late', DelaySeconds: 900 }));
    await receive({ MaxNumberOfMessages: 2 });
    const { Attributes } = await test.client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '2',
      ApproximateNumberOfMessagesDelayed: '1',
    });
    expect(test.sqs.depth(arn)).toEqual({ ready: 1, inFlight: 2, delayed: 1 });
  });

  it('are visible at once after a visibility timeout of 0, and their receipt handle expires', async () => {
    test.sqs.send(arn, 'a');
    const { ReceiptHandle } = onlyMessage(await receive());
    await changeVisibility(ReceiptHandle, 0);
    expect(await changeVisibility(ReceiptHandle, 10)).toBe('AWS.SimpleQueueService.MessageNotInflight');
    expect(onlyMessage(await receive()).Body).toBe('a');
    expect(await changeVisibility(ReceiptHandle, 10)).toBe('InvalidParameterValue');
  });

  it('refuse an invalid receipt handle and a visibility timeout above 12 hours', async () => {
    test.sqs.send(arn, 'a');
    const { ReceiptHandle } = onlyMessage(await receive());
    expect(await changeVisibility('nonsense', 10)).toBe('ReceiptHandleIsInvalid');
    expect(await changeVisibility(ReceiptHandle, 43_201)).toBe('InvalidParameterValue');
  });

  it('are moved to the dead-letter queue, with the ARN of their source queue', async () => {
    const { url: deadUrl, arn: deadLetterTargetArn } = test.sqs.createQueue('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 });
    ({ url: QueueUrl, arn } = test.sqs.createQueue('fragile', { RedrivePolicy }));
    const id = test.sqs.send(arn, 'a');
    await receive({ VisibilityTimeout: 0 });
    expect((await receive()).Messages).toBeUndefined();
    const dead = await receive({ QueueUrl: deadUrl, MessageSystemAttributeNames: ['All'] });
    expect(onlyMessage(dead)).toMatchObject({
      MessageId: id,
      Attributes: { ApproximateReceiveCount: '2', DeadLetterQueueSourceArn: arn },
    });
  });

  it.each([
    { MaxNumberOfMessages: 0 },
    { MaxNumberOfMessages: 11 },
    { WaitTimeSeconds: 21 },
    { VisibilityTimeout: -1 },
  ])('are not received with %j', async (input) => {
    test.sqs.send(arn, 'a');
    await expect(receive(input)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    expect(test.sqs.depth(arn).ready).toBe(1);
  });
});
