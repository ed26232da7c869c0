import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  InvalidAddress,
  PurgeQueueCommand,
  QueueDoesNotExist,
  SetQueueAttributesCommand,
  type QueueAttributeName,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { startSqs } from '../../src/sqs/server';
import { useSqs } from './sqs-under-test';

const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const redriveTo = (name: string, maxReceiveCount: unknown = 5) =>
  JSON.stringify({ deadLetterTargetArn: arnOf(name), maxReceiveCount });

const test = useSqs();

describe('queues', () => {
  const attributesOf = async (url: string, ...names: QueueAttributeName[]) =>
    (await test.client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: names }))).Attributes;

  it('have a URL with account and name, which GetQueueUrl returns', async () => {
    const { url } = test.sqs.createQueue('uploads');
    expect(url).toBe(`${test.sqs.url}/000000000000/uploads`);
    expect(await test.client.send(new GetQueueUrlCommand({ QueueName: 'uploads' }))).toMatchObject({ QueueUrl: url });
  });

  it('have the region and the account of the server', async () => {
    const other = await startSqs({ region: 'eu-west-1', accountId: '123456789012' });
    expect(other.createQueue('uploads')).toEqual({
      url: `${other.url}/123456789012/uploads`,
      arn: 'arn:aws:sqs:eu-west-1:123456789012:uploads',
    });
    await other.close();
  });

  it('have the default attributes of SQS', async () => {
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
    });
  });

  it('return only the requested attributes', async () => {
    const { url } = test.sqs.createQueue('uploads');
    expect(await attributesOf(url, 'QueueArn', 'RedrivePolicy')).toEqual({ QueueArn: arnOf('uploads') });
    expect(await attributesOf(url)).toBeUndefined();
  });

  it('return attributes unchanged until an empty value removes them', async () => {
    test.sqs.createQueue('dead');
    const { url } = test.sqs.createQueue('uploads');
    const set = (Attributes: Record<string, string>) =>
      test.client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }));
    const changes = {
      VisibilityTimeout: '90',
      Policy: '{ "Version": "2012-10-17" }',
      // CloudFormation writes the count as a string.
      RedrivePolicy: redriveTo('dead', '5'),
      SqsManagedSseEnabled: 'false',
    };
    await set(changes);
    expect(await attributesOf(url, 'All')).toMatchObject(changes);
    await set({ Policy: '', RedrivePolicy: '' });
    expect(await attributesOf(url, 'Policy', 'RedrivePolicy', 'VisibilityTimeout')).toEqual({
      VisibilityTimeout: '90',
    });
  });

  it('are empty after a purge', async () => {
    const { url, arn } = test.sqs.createQueue('uploads');
    test.sqs.send(arn, 'a');
    await test.client.send(new PurgeQueueCommand({ QueueUrl: url }));
    expect(test.sqs.depth(arn)).toEqual({ ready: 0, inFlight: 0, delayed: 0 });
  });

  it.each([
    ['a URL of a queue that does not exist', '/000000000000/other', QueueDoesNotExist],
    ['a URL of another account', '/111111111111/uploads', QueueDoesNotExist],
    ['a path that is not a queue URL', '/uploads', InvalidAddress],
  ])('are not found by %s', async (_, path, error) => {
    test.sqs.createQueue('uploads');
    await expect(attributesOf(test.sqs.url + path, 'All')).rejects.toBeInstanceOf(error);
  });

  it.each([
    ['a number out of range', { VisibilityTimeout: '43201' }, 'InvalidAttributeValue'],
    ['a number with a fraction', { DelaySeconds: '1.5' }, 'InvalidAttributeValue'],
    ['a malformed boolean', { SqsManagedSseEnabled: 'yes' }, 'InvalidAttributeValue'],
    ['a read-only attribute', { QueueArn: 'arn' }, 'NotImplemented'],
    ['a property of every JavaScript object', { constructor: '5' }, 'NotImplemented'],
    ['a FIFO queue', { FifoQueue: 'true' }, 'NotImplemented'],
    ['a redrive policy that is not JSON', { RedrivePolicy: 'no' }, 'InvalidParameterValueException'],
    ['a redrive policy without a target', { RedrivePolicy: '{"maxReceiveCount":5}' }, 'InvalidParameterValueException'],
    ['a target that does not exist', { RedrivePolicy: redriveTo('other') }, 'InvalidParameterValueException'],
    ['a count of 0', { RedrivePolicy: redriveTo('dead', 0) }, 'InvalidParameterValueException'],
    ['a count of 1,001', { RedrivePolicy: redriveTo('dead', '1001') }, 'InvalidParameterValueException'],
    ['a count that is not a number', { RedrivePolicy: redriveTo('dead', true) }, 'InvalidParameterValueException'],
  ])('are not created with %s', (_, attributes, type) => {
    test.sqs.createQueue('dead');
    expect(() => test.sqs.createQueue('uploads', attributes as Record<string, string>)).toThrow(
      expect.objectContaining({ type }),
    );
  });

  it.each(['', 'a b', 'a'.repeat(81), 'uploads.fifo', 'taken'])('are not created with the name %j', (name) => {
    test.sqs.createQueue('taken');
    expect(() => test.sqs.createQueue(name)).toThrow();
  });

  it('refuse an unsupported operation by its name', async () => {
    await expect(test.client.send(new CreateQueueCommand({ QueueName: 'a' }))).rejects.toThrow(/CreateQueue/);
  });
});
