import { ListQueuesCommand, RequestThrottled, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AwsJsonError } from '../../src/aws-json-error';
import { startSqs } from '../../src/sqs/server';
import { startSqsUnderTest, type SqsUnderTest } from './sqs-under-test';

describe('the AWS JSON protocol', () => {
  let test: SqsUnderTest;
  let fault: AwsJsonError | undefined;

  beforeEach(async () => {
    fault = undefined;
    test = await startSqsUnderTest({ fault: (operation) => (operation === 'ListQueues' ? fault : undefined) });
    test.sqs.createQueue('uploads');
  });
  afterEach(() => test.close());

  const post = async (operation: string, body: string) => {
    const response = await fetch(test.sqs.url, {
      method: 'POST',
      headers: { 'x-amz-target': operation },
      body,
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };

  it('answers JSON of its version with a request ID', async () => {
    const { status, headers, body } = await post('AmazonSQS.ListQueues', '{}');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/x-amz-json-1.0');
    expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(body).toEqual({ QueueUrls: [`${test.sqs.url}/000000000000/uploads`] });
  });

  it('names an error in the body and the headers, by its old code too', async () => {
    const { status, headers, body } = await post('AmazonSQS.GetQueueUrl', '{"QueueName":"nobody"}');
    expect(status).toBe(400);
    expect(headers.get('x-amzn-errortype')).toBe('QueueDoesNotExist');
    expect(headers.get('x-amzn-query-error')).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
    expect(body).toEqual({
      __type: 'com.amazonaws.sqs#QueueDoesNotExist',
      message: 'The specified queue does not exist.',
    });
  });

  it('takes null for a member that is left out', async () => {
    expect((await post('AmazonSQS.ListQueues', '{"QueueNamePrefix":null,"MaxResults":null}')).status).toBe(200);
  });

  it.each([
    ['JSON cut off', 'ListQueues', '{"QueueNamePrefix":"secret'],
    ['no structure', 'ListQueues', '[]'],
    ['a number for text', 'ListQueues', '{"QueueNamePrefix":7}'],
    ['text for a number', 'ListQueues', '{"MaxResults":"7"}'],
    ['a broken number for a whole one', 'ListQueues', '{"MaxResults":1.5}'],
    ['text for a map', 'CreateQueue', '{"QueueName":"a","Attributes":"x"}'],
    ['a number in a map of text', 'CreateQueue', '{"QueueName":"a","Attributes":{"DelaySeconds":5}}'],
    ['text for a list', 'GetQueueAttributes', '{"QueueUrl":"http://x/000000000000/uploads","AttributeNames":"All"}'],
    [
      'text in a list of structures',
      'SendMessageBatch',
      '{"QueueUrl":"http://x/000000000000/uploads","Entries":["a"]}',
    ],
  ])('answers SerializationException to %s, and quotes nothing of it', async (_, operation, request) => {
    const { status, body } = await post(`AmazonSQS.${operation}`, request);
    expect(status).toBe(400);
    expect(body).toMatchObject({ __type: 'com.amazonaws.sqs#SerializationException' });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it.each([
    ['an operation that is not there', 'AmazonSQS.Frobnicate', 'Frobnicate'],
    ['the name of a method of every object', 'AmazonSQS.constructor', 'constructor'],
    ['another service', 'DynamoDB_20120810.GetItem', 'AmazonSQS'],
  ])('answers NotImplemented to %s, naming it', async (_, target, named) => {
    const { status, body } = await post(target, '{}');
    expect(status).toBe(501);
    expect(body).toMatchObject({
      __type: 'com.amazonaws.sqs#NotImplemented',
      message: expect.stringContaining(named),
    });
  });

  it('answers 413 to a body larger than any request', async () => {
    const answer = await post('AmazonSQS.ListQueues', JSON.stringify({ QueueNamePrefix: 'a'.repeat(9_000_000) })).catch(
      // The server may drop the connection while the rest of the body is still on its way.
      () => ({ status: 413 }),
    );
    expect(answer.status).toBe(413);
  });

  it('answers a fault in place of an operation, and counts the call', async () => {
    fault = new AwsJsonError('RequestThrottled', 'Slow down', { status: 403 });
    await expect(test.client.send(new ListQueuesCommand({}))).rejects.toBeInstanceOf(RequestThrottled);
    fault = undefined;
    await test.client.send(new ListQueuesCommand({}));
    expect(test.sqs.callCount('ListQueues')).toBe(2);
    expect(test.sqs.callCount('SendMessage')).toBe(0);
  });

  it.each([
    ['before', 'hang', 'abort', 0],
    ['before', 'reset', 'ECONNRESET', 0],
    ['after', 'hang', 'abort', 1],
    ['after', 'reset', 'ECONNRESET', 1],
    ['after', new AwsJsonError('InternalFailure', 'Broken', { status: 500 }), 'Broken', 1],
  ] as const)('makes a request fail %s it takes effect: %s', async (when, fault, message, messages) => {
    await test.close();
    const onSend = (operation: string) => (operation === 'SendMessage' ? fault : undefined);
    test = await startSqsUnderTest(when === 'before' ? { fault: onSend } : { faultAfter: onSend });
    const { url, arn } = test.sqs.createQueue('uploads');
    const sending = test.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }), {
      abortSignal: AbortSignal.timeout(300),
    });
    await expect(sending).rejects.toThrow(message);
    expect(test.sqs.depth(arn).ready).toBe(messages);
  });

  it('answers a fault of the service as such', async () => {
    fault = new AwsJsonError('InternalFailure', 'Broken', { status: 500, queryCode: 'InternalFailure' });
    const { status, headers } = await post('AmazonSQS.ListQueues', '{}');
    expect(status).toBe(500);
    expect(headers.get('x-amzn-query-error')).toBe('InternalFailure;Receiver');
  });

  it('is not spoken at a wait speed of nothing', async () => {
    await expect(startSqs({ waitSpeed: 0 })).rejects.toThrow(RangeError);
  });
});
