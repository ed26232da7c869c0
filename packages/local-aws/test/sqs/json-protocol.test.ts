import { GetQueueUrlCommand, RequestThrottled, SendMessageCommand } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { AwsJsonError } from '../../src/aws-json-error';
import type { AwsJsonFault } from '../../src/aws-json-protocol';
import { startSqs } from '../../src/sqs/server';
import { until } from '../until';
import { useSqs } from './sqs-under-test';

type Fault = ReturnType<AwsJsonFault>;
let faults: { before?: Record<string, Fault>; after?: Record<string, Fault> };
beforeEach(() => {
  faults = {};
});
const test = useSqs({
  fault: (operation) => faults.before?.[operation],
  faultAfter: (operation) => faults.after?.[operation],
});

describe('the AWS JSON protocol', () => {
  let arn: string;
  beforeEach(() => {
    ({ arn } = test.sqs.createQueue('uploads'));
  });

  const post = async (operation: string, body: string) => {
    const response = await fetch(test.sqs.url, { method: 'POST', headers: { 'x-amz-target': operation }, body });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };

  it('returns JSON of its version with a request ID', async () => {
    const { status, headers, body } = await post('AmazonSQS.GetQueueUrl', '{"QueueName":"uploads"}');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/x-amz-json-1.0');
    expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(body).toEqual({ QueueUrl: `${test.sqs.url}/000000000000/uploads` });
  });

  it('returns the name of an error in body and header, and its query code in a header', async () => {
    const { status, headers, body } = await post('AmazonSQS.GetQueueUrl', '{"QueueName":"other"}');
    expect(status).toBe(400);
    expect(headers.get('x-amzn-errortype')).toBe('QueueDoesNotExist');
    expect(headers.get('x-amzn-query-error')).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
    expect(body).toEqual({
      __type: 'com.amazonaws.sqs#QueueDoesNotExist',
      message: 'The specified queue does not exist.',
    });
  });

  it('treats a null member as missing', async () => {
    const request = `{"QueueUrl":"${test.sqs.url}/000000000000/uploads","AttributeNames":null}`;
    expect((await post('AmazonSQS.GetQueueAttributes', request)).status).toBe(200);
  });

  it.each([
    ['truncated JSON', 'GetQueueUrl', '{"QueueName":"secret'],
    ['an array', 'GetQueueUrl', '[]'],
    ['a number instead of a string', 'GetQueueUrl', '{"QueueName":7}'],
    ['a string instead of a number', 'ReceiveMessage', { WaitTimeSeconds: '7' }],
    ['a fraction instead of an integer', 'ReceiveMessage', { WaitTimeSeconds: 1.5 }],
    ['a string instead of a map', 'SetQueueAttributes', { Attributes: 'x' }],
    ['a number in a map of strings', 'SetQueueAttributes', { Attributes: { DelaySeconds: 5 } }],
    ['a string instead of a list', 'GetQueueAttributes', { AttributeNames: 'All' }],
    ['a string in a list of structures', 'SendMessageBatch', { Entries: ['a'] }],
  ])('refuses %s with SerializationException, without quoting it', async (_, operation, request) => {
    const QueueUrl = 'http://x/000000000000/uploads';
    const json = typeof request === 'string' ? request : JSON.stringify({ QueueUrl, ...request });
    const { status, body } = await post(`AmazonSQS.${operation}`, json);
    expect(status).toBe(400);
    expect(body).toMatchObject({ __type: 'com.amazonaws.sqs#SerializationException' });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it.each([
    ['an unknown operation', 'AmazonSQS.Frobnicate', 'Frobnicate'],
    ['the name of a method of every JavaScript object', 'AmazonSQS.constructor', 'constructor'],
    ['another service', 'DynamoDB_20120810.GetItem', 'AmazonSQS'],
  ])('refuses %s with NotImplemented and its name', async (_, target, named) => {
    const { status, body } = await post(target, '{}');
    expect(status).toBe(501);
    expect(body).toMatchObject({
      __type: 'com.amazonaws.sqs#NotImplemented',
      message: expect.stringContaining(named),
    });
  });

  it('refuses a body larger than any valid request with 413', async () => {
    const answer = await post('AmazonSQS.GetQueueUrl', JSON.stringify({ QueueName: 'a'.repeat(9_000_000) })).catch(
      // The server may close the connection before the whole body is sent.
      () => ({ status: 413 }),
    );
    expect(answer.status).toBe(413);
  });

  it('returns a fault instead of running the operation, and counts the call', async () => {
    faults.before = { GetQueueUrl: new AwsJsonError('RequestThrottled', 'Slow down', { status: 403 }) };
    await expect(test.client.send(new GetQueueUrlCommand({ QueueName: 'uploads' }))).rejects.toBeInstanceOf(
      RequestThrottled,
    );
    faults = {};
    await test.client.send(new GetQueueUrlCommand({ QueueName: 'uploads' }));
    expect(test.sqs.callCount('GetQueueUrl')).toBe(2);
    expect(test.sqs.callCount('SendMessage')).toBe(0);
  });

  it.each([
    ['before', 'hang', 'abort', 0],
    ['before', 'reset', 'ECONNRESET', 0],
    ['after', 'hang', 'abort', 1],
    ['after', 'reset', 'ECONNRESET', 1],
    ['after', new AwsJsonError('InternalFailure', 'Broken', { status: 500 }), 'Broken', 1],
  ] as const)('fails a request %s it takes effect: %s', async (when, fault, message, messages) => {
    faults = { [when]: { SendMessage: fault } };
    const caller = new AbortController();
    const QueueUrl = `${test.sqs.url}/000000000000/uploads`;
    const sending = test.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }), {
      abortSignal: caller.signal,
    });
    const failure = expect(sending).rejects.toThrow(message);
    await until(() => test.sqs.callCount('SendMessage') === 1 && test.sqs.depth(arn).ready === messages);
    // After this round trip, the server has decided on the response.
    await test.client.send(new GetQueueUrlCommand({ QueueName: 'uploads' }));
    if (fault === 'hang') caller.abort();
    await failure;
    expect(test.sqs.depth(arn).ready).toBe(messages);
  });

  it('returns the fault Receiver for a server error', async () => {
    const options = { status: 500, queryCode: 'InternalFailure' };
    faults.before = { GetQueueUrl: new AwsJsonError('InternalFailure', 'Broken', options) };
    const { status, headers } = await post('AmazonSQS.GetQueueUrl', '{}');
    expect(status).toBe(500);
    expect(headers.get('x-amzn-query-error')).toBe('InternalFailure;Receiver');
  });

  it('is not started with a wait speed of 0', async () => {
    await expect(startSqs({ waitSpeed: 0 })).rejects.toThrow(RangeError);
  });
});
