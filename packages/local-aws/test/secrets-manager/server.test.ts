import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  InternalServiceError,
  InvalidParameterException,
  PutSecretValueCommand,
  ResourceNotFoundException,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AwsJsonError } from '../../src/aws-json-error';
import { type LocalSecretsManager, startSecretsManager } from '../../src/secrets-manager/server';

let secretsManager: LocalSecretsManager;
let client: SecretsManagerClient;
let fault: AwsJsonError | undefined;

beforeEach(async () => {
  fault = undefined;
  secretsManager = await startSecretsManager({ fault: () => fault });
  client = new SecretsManagerClient({
    endpoint: secretsManager.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  client.destroy();
  await secretsManager.close();
});

const read = (SecretId: string) => client.send(new GetSecretValueCommand({ SecretId }));
const put = (SecretId: string, SecretString: string) =>
  client.send(new PutSecretValueCommand({ SecretId, SecretString }));
const describeSecret = () => client.send(new DescribeSecretCommand({ SecretId: 'api-key' }));

describe('the local Secrets Manager', () => {
  it('returns the current value by name and by ARN', async () => {
    const { arn } = secretsManager.createSecret('api-key');
    expect(arn).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:api-key-[A-Za-z0-9]{6}$/);
    secretsManager.putSecretValue(arn, 'first');
    const { VersionId } = await put('api-key', 'second');
    for (const id of ['api-key', arn]) {
      expect(await read(id)).toMatchObject({
        ARN: arn,
        Name: 'api-key',
        VersionId,
        SecretString: 'second',
        VersionStages: ['AWSCURRENT'],
        CreatedDate: expect.any(Date),
      });
    }
  });

  it('returns a value only to the access key that may read it', async () => {
    const guarded = await startSecretsManager({ readerAccessKeyId: 'reader' });
    guarded.createSecret('api-key');
    guarded.putSecretValue('api-key', 'value');
    const readAs = async (accessKeyId: string) => {
      const credentials = { accessKeyId, secretAccessKey: 'any' };
      const caller = new SecretsManagerClient({
        endpoint: guarded.url,
        region: 'us-east-1',
        credentials,
        maxAttempts: 1,
      });
      return caller.send(new GetSecretValueCommand({ SecretId: 'api-key' })).finally(() => caller.destroy());
    };
    await expect(readAs('reader')).resolves.toMatchObject({ SecretString: 'value' });
    await expect(readAs('local')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await guarded.close();
  });

  it('has no value to return until one is put', async () => {
    secretsManager.createSecret('api-key');
    await expect(read('api-key')).rejects.toThrow('for staging label: AWSCURRENT');
    expect((await describeSecret()).VersionIdsToStages).toBeUndefined();
  });

  it('describes a secret without its value', async () => {
    secretsManager.createSecret('api-key');
    const { VersionId = '' } = await put('api-key', 'the value');
    const description = await describeSecret();
    expect(description).toMatchObject({
      Name: 'api-key',
      LastChangedDate: expect.any(Date),
      VersionIdsToStages: { [VersionId]: ['AWSCURRENT'] },
    });
    expect(JSON.stringify(description)).not.toContain('the value');
  });

  it.each([
    ['a secret that does not exist', () => read('other'), ResourceNotFoundException],
    ['a value for a secret that does not exist', () => put('other', 'a'), ResourceNotFoundException],
    ['a request without a secret ID', () => read(''), InvalidParameterException],
    ['an empty value', () => put('api-key', ''), InvalidParameterException],
    ['more than 65,536 bytes', () => put('api-key', 'a'.repeat(65_537)), InvalidParameterException],
  ])('refuses %s', async (_, call, error) => {
    secretsManager.createSecret('api-key');
    await expect(call()).rejects.toBeInstanceOf(error);
  });

  it('returns a fault instead of a value, and counts every call', async () => {
    secretsManager.createSecret('api-key');
    secretsManager.putSecretValue('api-key', 'value');
    fault = new AwsJsonError('InternalServiceError', 'An error occurred on the server side.', { status: 500 });
    await expect(read('api-key')).rejects.toBeInstanceOf(InternalServiceError);
    fault = undefined;
    await read('api-key');
    expect(secretsManager.callCount('GetSecretValue')).toBe(2);
  });

  it('refuses every other operation and parameter by its name', async () => {
    secretsManager.createSecret('api-key');
    await expect(client.send(new RotateSecretCommand({ SecretId: 'api-key' }))).rejects.toThrow(/RotateSecret/);
    const reading = client.send(new GetSecretValueCommand({ SecretId: 'api-key', VersionStage: 'AWSPREVIOUS' }));
    await expect(reading).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('VersionStage'),
    });
  });
});
