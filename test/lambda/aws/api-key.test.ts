import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { ApiKey, ApiKeyError } from '../../../lambda/aws/api-key';
import { describeError } from '../../../lambda/observe/log';
import { AccountFaultError } from '../../../lambda/retry-later-error';

const secretsManager = mockClient(SecretsManagerClient);
const reads = () => secretsManager.commandCalls(GetSecretValueCommand).length;
const secretIs = (SecretString: string | undefined) =>
  secretsManager.on(GetSecretValueCommand, { SecretId: 'arn:secret' }).resolves({ SecretString });
const createApiKey = () => new ApiKey(new SecretsManagerClient({ region: 'eu-west-2' }), 'arn:secret');

beforeEach(() => {
  secretsManager.reset();
  secretsManager.rejects(new Error('unplanned call'));
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('ApiKey', () => {
  it.each([
    ['a bare key', 'test_abc', 'test_abc'],
    ['JSON with apiKey', '{"apiKey":"live_abc","other":1}', 'live_abc'],
    ['JSON after white space', '\n {"apiKey":"live_abc"}\n', 'live_abc'],
  ])('reads %s', async (_, secret, key) => {
    secretIs(secret);
    await expect(createApiKey().read()).resolves.toBe(key);
  });

  it.each([
    ['nothing', undefined, 'is empty'],
    ['an empty text', '', 'is empty'],
    ['a key with a line feed', 'test_SENSITIVE\n', 'contains white space'],
    ['a key with a space', 'test_SENSI TIVE', 'contains white space'],
    ['a key with a control character', 'test_SENSITIVE\u0007', 'contains characters'],
    ['a key of another service', 'sk_SENSITIVE', 'does not start with test_ or live_'],
    ['a prefix that is not at the start', 'sk_test_SENSITIVE', 'does not start with test_ or live_'],
    ['only a prefix', 'test_', 'does not start with test_ or live_'],
    ['JSON that is cut off', '{"apiKey":"test_SENSITIVE', 'starts like JSON'],
    ['JSON without apiKey', '{"key":"test_SENSITIVE"}', 'without an apiKey string'],
    ['JSON with an empty apiKey', '{"apiKey":""}', 'does not start with test_ or live_'],
    ['JSON with an apiKey that is not a string', '{"apiKey":["test_SENSITIVE"]}', 'without an apiKey string'],
  ])('describes what is wrong with %s, and never shows the value', async (_, secret, problem) => {
    secretIs(secret);
    const error = await createApiKey()
      .read()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiKeyError);
    expect(error).toBeInstanceOf(AccountFaultError);
    expect(error).toHaveProperty('name', 'ApiKeyError');
    expect(error).toHaveProperty('message', expect.stringContaining(problem));
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('SENSI');
  });

  it('reports a secret that has no value yet', async () => {
    secretsManager
      .on(GetSecretValueCommand)
      .rejects(new ResourceNotFoundException({ message: 'no value', $metadata: {} }));
    await expect(createApiKey().read()).rejects.toThrow(ApiKeyError);
  });

  it('caches the key for five minutes', async () => {
    secretIs('test_old');
    const apiKey = createApiKey();
    await apiKey.read();
    secretIs('test_new');
    jest.advanceTimersByTime(5 * 60_000 - 1);
    await expect(apiKey.read()).resolves.toBe('test_old');
    jest.advanceTimersByTime(1);
    await expect(apiKey.read()).resolves.toBe('test_new');
    expect(reads()).toBe(2);
  });

  it('reads afresh although a key is cached, and caches what it read', async () => {
    secretIs('test_old');
    const apiKey = createApiKey();
    await apiKey.read();
    secretIs('test_new');
    await expect(apiKey.readAfresh()).resolves.toBe('test_new');
    await expect(apiKey.read()).resolves.toBe('test_new');
    expect(reads()).toBe(2);
  });

  it('reads the secret once for concurrent callers', async () => {
    secretIs('test_abc');
    const apiKey = createApiKey();
    await Promise.all([apiKey.read(), apiKey.read(), apiKey.read()]);
    expect(reads()).toBe(1);
  });

  it.each<[string, Error, string]>([
    ['an error', new Error('throttled'), 'secrets-manager-failed'],
    ['no permission', Object.assign(new Error('no'), { name: 'AccessDeniedException' }), 'secrets-manager-failed'],
    ['no value', new ResourceNotFoundException({ message: 'no value', $metadata: {} }), 'api-key-missing'],
  ])('does not cache a read that failed: %s', async (_, cause, code) => {
    const apiKey = createApiKey();
    secretsManager.on(GetSecretValueCommand).rejectsOnce(cause).resolves({ SecretString: 'test_abc' });
    await expect(apiKey.read()).rejects.toMatchObject({ code, cause });
    await expect(apiKey.read()).resolves.toBe('test_abc');
  });

  it('does not quote an answer of Secrets Manager that is not JSON, because it may be the secret', async () => {
    const parsing = new SyntaxError('Unexpected token \'e\', "test_abc" is not valid JSON');
    secretsManager.on(GetSecretValueCommand).rejects(parsing);
    const error: unknown = await createApiKey()
      .read()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'secrets-manager-failed' });
    expect(describeError(error)).not.toContain('test_abc');
  });

  it('fails all callers after ten seconds when Secrets Manager never answers, and reads again later', async () => {
    secretsManager.on(GetSecretValueCommand).callsFakeOnce(() => new Promise(() => undefined));
    const apiKey = createApiKey();
    const reading = Promise.allSettled([apiKey.read(), apiKey.read()]);
    await jest.advanceTimersByTimeAsync(10_000);
    const settled = (await reading).map((result) => (result.status === 'rejected' ? (result.reason as unknown) : ''));
    expect(settled).toEqual([
      expect.objectContaining({ code: 'secrets-manager-failed', message: 'Secrets Manager did not answer in time' }),
      expect.objectContaining({ code: 'secrets-manager-failed', message: 'Secrets Manager did not answer in time' }),
    ]);
    expect(secretsManager.commandCalls(GetSecretValueCommand)[0]?.args).toEqual([
      expect.anything(),
      { abortSignal: expect.objectContaining({ aborted: true }) as unknown },
    ]);
    secretIs('test_abc');
    await expect(apiKey.read()).resolves.toBe('test_abc');
  });

  it('reads the secret once for all callers whose key was refused', async () => {
    secretIs('test_old');
    const apiKey = createApiKey();
    await apiKey.read();
    secretIs('test_new');
    const keys = await Promise.all([apiKey.readInPlaceOf('test_old'), apiKey.readInPlaceOf('test_old')]);
    await expect(apiKey.readInPlaceOf('test_old')).resolves.toBe('test_new');
    expect(keys).toEqual(['test_new', 'test_new']);
    expect(reads()).toBe(2);
  });
});
