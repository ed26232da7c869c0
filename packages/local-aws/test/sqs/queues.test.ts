import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  InvalidAddress,
  InvalidAttributeName,
  InvalidAttributeValue,
  ListQueuesCommand,
  PurgeQueueCommand,
  PurgeQueueInProgress,
  QueueDeletedRecently,
  QueueDoesNotExist,
  QueueNameExists,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UnsupportedOperation,
  type QueueAttributeName,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSqsUnderTest, type SqsUnderTest } from './sqs-under-test';

const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const redriveTo = (name: string, maxReceiveCount: unknown = 5) =>
  JSON.stringify({ deadLetterTargetArn: arnOf(name), maxReceiveCount });

describe('the queues of the local SQS', () => {
  let test: SqsUnderTest;

  beforeEach(async () => {
    test = await startSqsUnderTest();
  });
  afterEach(() => test.close());

  const create = (name: string, attributes: Record<string, string> = {}) =>
    test.client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  const attributesOf = async (url: string, ...names: QueueAttributeName[]) =>
    (await test.client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: names }))).Attributes;

  it('have a URL of account and name, which GetQueueUrl finds', async () => {
    const { QueueUrl } = await create('uploads');
    expect(QueueUrl).toBe(`${test.sqs.url}/000000000000/uploads`);
    expect(await test.client.send(new GetQueueUrlCommand({ QueueName: 'uploads' }))).toMatchObject({ QueueUrl });
  });

  it('have the region and account that the server was started with', async () => {
    const other = await startSqsUnderTest({ region: 'eu-west-1', accountId: '123456789012' });
    expect(other.sqs.createQueue('uploads')).toEqual({
      url: `${other.sqs.url}/123456789012/uploads`,
      arn: 'arn:aws:sqs:eu-west-1:123456789012:uploads',
    });
    await other.close();
  });

  it('have the defaults of SQS', async () => {
    const { url } = test.sqs.createQueue('uploads');
    expect(await attributesOf(url, 'All')).toEqual({
      QueueArn: arnOf('uploads'),
      VisibilityTimeout: '30',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      DelaySeconds: '0',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      CreatedTimestamp: expect.stringMatching(/^\d{10}$/),
      LastModifiedTimestamp: expect.stringMatching(/^\d{10}$/),
    });
  });

  it('report only the attributes asked for, and none when none is', async () => {
    const { url } = test.sqs.createQueue('uploads');
    expect(await attributesOf(url, 'QueueArn', 'RedrivePolicy')).toEqual({ QueueArn: arnOf('uploads') });
    expect(await attributesOf(url)).toBeUndefined();
  });

  it('keep the attributes set, policies verbatim, until an empty one takes them away', async () => {
    test.sqs.createQueue('dead');
    const { url } = test.sqs.createQueue('uploads');
    const set = (Attributes: Record<string, string>) =>
      test.client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }));
    const changes = {
      VisibilityTimeout: '90',
      Policy: '{ "Version": "2012-10-17" }',
      RedrivePolicy: redriveTo('dead'),
      SqsManagedSseEnabled: 'false',
    };
    await set(changes);
    expect(await attributesOf(url, 'All')).toMatchObject(changes);
    await set({ Policy: '', RedrivePolicy: '' });
    expect(await attributesOf(url, 'Policy', 'RedrivePolicy', 'VisibilityTimeout')).toEqual({
      VisibilityTimeout: '90',
    });
  });

  it('are listed by name, by prefix and page by page', async () => {
    for (const name of ['b', 'a2', 'a1', 'a3']) test.sqs.createQueue(name);
    const list = async (input: { QueueNamePrefix?: string; MaxResults?: number; NextToken?: string | undefined }) => {
      const { QueueUrls = [], NextToken } = await test.client.send(new ListQueuesCommand(input));
      return { names: QueueUrls.map((url) => url.split('/').at(-1)), NextToken };
    };
    expect((await list({})).names).toEqual(['a1', 'a2', 'a3', 'b']);
    const first = await list({ QueueNamePrefix: 'a', MaxResults: 2 });
    expect(first.names).toEqual(['a1', 'a2']);
    expect(await list({ QueueNamePrefix: 'a', MaxResults: 2, NextToken: first.NextToken })).toEqual({
      names: ['a3'],
      NextToken: undefined,
    });
  });

  it('are found again by creating them with the same attributes, and refused with others', async () => {
    const { QueueUrl } = await create('uploads', { VisibilityTimeout: '90' });
    expect(await create('uploads', { VisibilityTimeout: '90' })).toMatchObject({ QueueUrl });
    await expect(create('uploads', { VisibilityTimeout: '91' })).rejects.toBeInstanceOf(QueueNameExists);
  });

  it('are gone once deleted, and so is their name for a minute', async () => {
    const { url } = test.sqs.createQueue('uploads');
    await test.client.send(new DeleteQueueCommand({ QueueUrl: url }));
    await expect(attributesOf(url, 'All')).rejects.toBeInstanceOf(QueueDoesNotExist);
    await expect(create('uploads')).rejects.toBeInstanceOf(QueueDeletedRecently);
  });

  it('are emptied by a purge, once a minute', async () => {
    const { url, arn } = test.sqs.createQueue('uploads');
    test.sqs.send(arn, 'a');
    const purge = () => test.client.send(new PurgeQueueCommand({ QueueUrl: url }));
    await purge();
    expect(test.sqs.depth(arn)).toEqual({ ready: 0, inFlight: 0, delayed: 0 });
    await expect(purge()).rejects.toBeInstanceOf(PurgeQueueInProgress);
  });

  it.each([
    ['a URL of no queue', '/000000000000/nobody', QueueDoesNotExist],
    ['a URL of another account', '/111111111111/uploads', QueueDoesNotExist],
    ['what is no queue URL', '/uploads', InvalidAddress],
  ])('refuse %s', async (_, path, error) => {
    test.sqs.createQueue('uploads');
    await expect(attributesOf(test.sqs.url + path, 'All')).rejects.toBeInstanceOf(error);
  });

  it.each([
    ['a number out of range', { VisibilityTimeout: '43201' }, InvalidAttributeValue],
    ['a number that is none', { DelaySeconds: '1.5' }, InvalidAttributeValue],
    ['a truth value that is none', { SqsManagedSseEnabled: 'yes' }, InvalidAttributeValue],
    ['an attribute that SQS lacks', { Colour: 'red' }, InvalidAttributeName],
    ['the name of a method of every object', { constructor: '5' }, InvalidAttributeName],
    ['an attribute that only SQS sets', { QueueArn: 'arn' }, InvalidAttributeName],
    ['a FIFO queue', { FifoQueue: 'true' }, UnsupportedOperation],
  ])('refuse %s', async (_, attributes, error) => {
    await expect(create('uploads', attributes)).rejects.toBeInstanceOf(error);
  });

  it.each([
    ['that is not JSON', 'no'],
    ['without a target', '{"maxReceiveCount":5}'],
    ['whose target does not exist', redriveTo('nobody')],
    ['with a count of 0', redriveTo('dead', 0)],
    ['with a count of 1,001', redriveTo('dead', '1001')],
    ['whose count is no number', redriveTo('dead', true)],
  ])('refuse a redrive policy %s', async (_, RedrivePolicy) => {
    test.sqs.createQueue('dead');
    await expect(create('uploads', { RedrivePolicy })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('take a redrive policy whose count is text, as CloudFormation writes it', async () => {
    test.sqs.createQueue('dead');
    const RedrivePolicy = redriveTo('dead', '5');
    const { QueueUrl = '' } = await create('uploads', { RedrivePolicy });
    expect(await attributesOf(QueueUrl, 'RedrivePolicy')).toEqual({ RedrivePolicy });
  });

  it('refuse a name ending in .fifo, saying why', async () => {
    await expect(create('uploads.fifo')).rejects.toThrow(/standard queues only/);
  });

  it.each(['', 'a b', 'a'.repeat(81)])('refuse the name %j', async (name) => {
    await expect(create(name)).rejects.toThrow();
    await expect(test.client.send(new ListQueuesCommand({}))).resolves.not.toHaveProperty('QueueUrls');
  });

  it('answer NotImplemented, naming it, to an operation, parameter or attribute that is not there', async () => {
    const { url } = test.sqs.createQueue('uploads');
    await expect(test.client.send(new TagQueueCommand({ QueueUrl: url, Tags: {} }))).rejects.toThrow(/TagQueue/);
    await expect(
      test.client.send(new CreateQueueCommand({ QueueName: 'tagged', tags: { a: 'b' } })),
    ).rejects.toMatchObject({ name: 'NotImplemented', message: expect.stringContaining('tags') });
    await expect(create('encrypted', { KmsMasterKeyId: 'key' })).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('KmsMasterKeyId'),
    });
  });
});
