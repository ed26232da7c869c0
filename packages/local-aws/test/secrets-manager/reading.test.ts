import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  InternalServiceError,
  InvalidParameterException,
  InvalidRequestException,
  ListSecretVersionIdsCommand,
  ResourceNotFoundException,
  RotateSecretCommand,
  TagResourceCommand,
  type GetSecretValueCommandInput,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AwsJsonError } from '../../src/aws-json-error';
import { startSecretsManagerUnderTest, type SecretsManagerUnderTest } from './secrets-manager-under-test';

describe('reading from the local Secrets Manager', () => {
  let test: SecretsManagerUnderTest;
  let fault: AwsJsonError | undefined;

  beforeEach(async () => {
    fault = undefined;
    test = await startSecretsManagerUnderTest({ fault: () => fault });
  });
  afterEach(() => test.close());

  const read = (SecretId: string, version: Partial<GetSecretValueCommandInput> = {}) =>
    test.client.send(new GetSecretValueCommand({ SecretId, ...version }));

  it('gives the current value with its version', async () => {
    const { arn } = test.secretsManager.createSecret('live-photos/api-key', 'test_first');
    const versionId = test.secretsManager.putSecretValue('live-photos/api-key', 'test_second');
    expect(await read('live-photos/api-key')).toMatchObject({
      ARN: arn,
      Name: 'live-photos/api-key',
      VersionId: versionId,
      SecretString: 'test_second',
      VersionStages: ['AWSCURRENT'],
      CreatedDate: expect.any(Date),
    });
  });

  it('finds a secret by name, by ARN, and by ARN without its last six characters', async () => {
    const { arn } = test.secretsManager.createSecret('api-key', 'value');
    expect(arn).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:api-key-[A-Za-z0-9]{6}$/);
    for (const id of ['api-key', arn, arn.slice(0, -7)]) expect((await read(id)).SecretString).toBe('value');
  });

  it.each([
    ['a name that none has', 'other'],
    ['an ARN with another end', 'arn:aws:secretsmanager:us-east-1:000000000000:secret:api-key-AAAAAA'],
    ['an ARN of another account', 'arn:aws:secretsmanager:us-east-1:111111111111:secret:api-key'],
  ])('does not find a secret by %s', async (_, id) => {
    test.secretsManager.createSecret('api-key', 'value');
    await expect(read(id)).rejects.toBeInstanceOf(ResourceNotFoundException);
  });

  it('takes an ARN that ends in a hyphen and six characters as whole', async () => {
    const { arn } = test.secretsManager.createSecret('key-abcdef', 'value');
    await expect(read(arn.slice(0, -7))).rejects.toBeInstanceOf(ResourceNotFoundException);
    expect((await read(arn)).SecretString).toBe('value');
  });

  it('says so when a secret has no value yet, and gives the first one once it has', async () => {
    const { arn } = test.secretsManager.createSecret('api-key');
    const reading = read('api-key');
    await expect(reading).rejects.toBeInstanceOf(ResourceNotFoundException);
    await expect(reading).rejects.toThrow(
      "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    );
    test.secretsManager.putSecretValue(arn, 'value');
    expect((await read('api-key')).SecretString).toBe('value');
  });

  describe('of a certain version', () => {
    let previousId: string;
    let currentId: string;

    beforeEach(() => {
      test.secretsManager.createSecret('api-key');
      test.secretsManager.putSecretValue('api-key', 'oldest');
      previousId = test.secretsManager.putSecretValue('api-key', 'old');
      currentId = test.secretsManager.putSecretValue('api-key', 'new');
    });

    it('gives the one with the ID or the staging label asked for', async () => {
      expect((await read('api-key', { VersionId: previousId })).SecretString).toBe('old');
      expect((await read('api-key', { VersionStage: 'AWSPREVIOUS' })).VersionId).toBe(previousId);
      expect((await read('api-key', { VersionId: currentId, VersionStage: 'AWSCURRENT' })).SecretString).toBe('new');
    });

    it('refuses an ID and a label of different versions', async () => {
      const reading = read('api-key', { VersionId: previousId, VersionStage: 'AWSCURRENT' });
      await expect(reading).rejects.toBeInstanceOf(InvalidRequestException);
    });

    it('does not find an ID or a label that no version has', async () => {
      const VersionId = '00000000-0000-0000-0000-000000000000';
      await expect(read('api-key', { VersionId })).rejects.toBeInstanceOf(ResourceNotFoundException);
      await expect(read('api-key', { VersionStage: 'AWSPENDING' })).rejects.toBeInstanceOf(ResourceNotFoundException);
    });

    it('lists versions that have labels, and the others on demand', async () => {
      const list = async (IncludeDeprecated?: boolean) => {
        const command = new ListSecretVersionIdsCommand({ SecretId: 'api-key', IncludeDeprecated });
        return ((await test.client.send(command)).Versions ?? []).map(({ VersionStages }) => VersionStages);
      };
      expect(await list()).toEqual([['AWSPREVIOUS'], ['AWSCURRENT']]);
      expect(await list(true)).toEqual([undefined, ['AWSPREVIOUS'], ['AWSCURRENT']]);
    });

    it('describes the secret with its labelled versions and without its value', async () => {
      const answer = await test.client.send(new DescribeSecretCommand({ SecretId: 'api-key' }));
      expect(answer).toMatchObject({
        Name: 'api-key',
        CreatedDate: expect.any(Date),
        VersionIdsToStages: { [previousId]: ['AWSPREVIOUS'], [currentId]: ['AWSCURRENT'] },
      });
      expect(Object.keys(answer.VersionIdsToStages ?? {})).toHaveLength(2);
      expect(JSON.stringify(answer)).not.toContain('new');
    });
  });

  it('needs a secret ID', async () => {
    await expect(read('')).rejects.toBeInstanceOf(InvalidParameterException);
  });

  it('answers a fault in place of a value, and counts every call', async () => {
    test.secretsManager.createSecret('api-key', 'value');
    fault = new AwsJsonError('InternalServiceError', 'An error occurred on the server side.', { status: 500 });
    await expect(read('api-key')).rejects.toBeInstanceOf(InternalServiceError);
    fault = undefined;
    await read('api-key');
    expect(test.secretsManager.callCount('GetSecretValue')).toBe(2);
  });

  it('answers NotImplemented, naming it, to an operation that is not there', async () => {
    test.secretsManager.createSecret('api-key', 'value');
    await expect(test.client.send(new RotateSecretCommand({ SecretId: 'api-key' }))).rejects.toThrow(/RotateSecret/);
    const tagging = test.client.send(new TagResourceCommand({ SecretId: 'api-key', Tags: [] }));
    await expect(tagging).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});
