import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  LambdaServiceException,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLambdaApi } from '../../src/lambda/api-server';
import { InvocationError } from '../../src/lambda/execution-environment';
import type { LoopbackServer } from 'loopback-server/loopback-server';

let server: LoopbackServer;
let lambda: LambdaClient;
let isEnabled = true;
const mappingId = '00000000-0000-0000-0000-000000000000';

beforeAll(async () => {
  server = await startLambdaApi({
    function: {
      ...{ name: 'upload', codeFolder: '/code', handler: 'index.handler', memoryMb: 512, timeoutMs: 60_000 },
      variables: { CLAIMS_BUCKET: 'claims', AWS_ACCESS_KEY_ID: 'the-function' },
    },
    eventSource: { queueArn: 'arn:queue', batchSize: 10, maxConcurrency: 2 },
    mapping: {
      get isEnabled() {
        return isEnabled;
      },
      enable: () => (isEnabled = true),
      disable: () => Promise.resolve(void (isEnabled = false)),
    },
    invoke: (event) =>
      event === null ? Promise.reject(new InvocationError('timed out')) : Promise.resolve({ received: event }),
  });
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  lambda = new LambdaClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});
afterAll(async () => {
  lambda.destroy();
  await server.close();
});

const invoke = async (FunctionName: string, Payload: string, more: object = {}) => {
  const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload, ...more }));
  return { error: answer.FunctionError, payload: JSON.parse(answer.Payload?.transformToString() ?? '') as unknown };
};

describe('the local Lambda', () => {
  it('invokes the function with the event', async () => {
    await expect(invoke('upload', '{"a":1}')).resolves.toEqual({ error: undefined, payload: { received: { a: 1 } } });
  });

  it('does not show the function’s credentials', async () => {
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'upload' }));
    expect(Environment).toEqual({ Variables: { CLAIMS_BUCKET: 'claims' } });
  });

  it('returns a function error if the invocation fails', async () => {
    await expect(invoke('upload', 'null')).resolves.toEqual({
      error: 'Unhandled',
      payload: { errorType: 'InvocationError', errorMessage: 'timed out' },
    });
  });

  it('describes the function and its event source', async () => {
    await expect(lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'upload' }))).resolves.toMatchObject({
      ...{ State: 'Active', Timeout: 60, MemorySize: 512, Environment: { Variables: { CLAIMS_BUCKET: 'claims' } } },
    });
    const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName: 'upload' }));
    expect(EventSourceMappings).toMatchObject([
      { EventSourceArn: 'arn:queue', State: 'Enabled', ScalingConfig: { MaximumConcurrency: 2 } },
    ]);
  });

  it.each([
    [false, 'Disabled'],
    [true, 'Enabled'],
  ])('sets the state of the event source: enabled %s', async (Enabled, State) => {
    await expect(lambda.send(new UpdateEventSourceMappingCommand({ UUID: mappingId, Enabled }))).resolves.toMatchObject(
      { State },
    );
    expect(isEnabled).toBe(Enabled);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['another function', () => invoke('another', '{}'), 'ResourceNotFoundException'],
    ['an event that is not JSON', () => invoke('upload', '{'), 'InvalidRequestContentException'],
    ['an asynchronous invocation', () => invoke('upload', '{}', { InvocationType: 'Event' }), 'NotImplemented'],
    [
      'another change of the event source',
      () => lambda.send(new UpdateEventSourceMappingCommand({ UUID: mappingId, BatchSize: 5 })),
      'NotImplemented',
    ],
    ['another operation', () => lambda.send(new ListFunctionsCommand({})), 'NotImplemented'],
  ])('refuses %s', async (_, call, name) => {
    const error: unknown = await call().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LambdaServiceException);
    expect(error).toMatchObject({ name });
  });
});
