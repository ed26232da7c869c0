import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  InvalidParameterException,
  InvalidRequestException,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
  type CreateSecretCommandInput,
  type DeleteSecretCommandInput,
  type PutSecretValueCommandInput,
  type UpdateSecretVersionStageCommandInput,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSecretsManagerUnderTest, type SecretsManagerUnderTest } from './secrets-manager-under-test';

describe('writing to the local Secrets Manager', () => {
  let test: SecretsManagerUnderTest;

  beforeEach(async () => {
    test = await startSecretsManagerUnderTest();
  });
  afterEach(() => test.close());

  const create = (input: Partial<CreateSecretCommandInput>) =>
    test.client.send(new CreateSecretCommand({ Name: 'api-key', ...input }));
  const put = (input: Partial<PutSecretValueCommandInput>) =>
    test.client.send(new PutSecretValueCommand({ SecretId: 'api-key', ...input }));
  const read = (VersionStage?: string) =>
    test.client.send(new GetSecretValueCommand({ SecretId: 'api-key', VersionStage }));
  const describeSecret = () => test.client.send(new DescribeSecretCommand({ SecretId: 'api-key' }));

  describe('CreateSecret', () => {
    it('creates a secret with its first version', async () => {
      const { ARN, VersionId } = await create({ SecretString: 'first', Description: 'A key' });
      expect(await read()).toMatchObject({ ARN, VersionId, SecretString: 'first', VersionStages: ['AWSCURRENT'] });
      expect(await describeSecret()).toMatchObject({ Description: 'A key' });
    });

    it('creates a secret without a version when there is no value', async () => {
      expect((await create({})).VersionId).toBeUndefined();
      expect((await describeSecret()).VersionIdsToStages).toBeUndefined();
    });

    it('keeps bytes as bytes', async () => {
      await create({ SecretBinary: Uint8Array.of(0, 200, 255) });
      expect((await read()).SecretBinary).toEqual(Uint8Array.of(0, 200, 255));
    });

    it('can be repeated with the same token and value, and with no other', async () => {
      const ClientRequestToken = randomUUID();
      const first = await create({ ClientRequestToken, SecretString: 'a' });
      expect(await create({ ClientRequestToken, SecretString: 'a' })).toMatchObject({ ARN: first.ARN });
      await expect(create({ ClientRequestToken, SecretString: 'b' })).rejects.toBeInstanceOf(ResourceExistsException);
      await expect(create({ SecretString: 'a' })).rejects.toBeInstanceOf(ResourceExistsException);
    });

    it('refuses a name that cannot be one', async () => {
      await expect(create({ Name: 'api key' })).rejects.toMatchObject({ name: 'ValidationException' });
    });

    it('refuses what only the real Secrets Manager does', async () => {
      await expect(create({ KmsKeyId: 'alias/key' })).rejects.toMatchObject({
        name: 'NotImplemented',
        message: expect.stringContaining('KmsKeyId'),
      });
      await expect(describeSecret()).rejects.toBeInstanceOf(ResourceNotFoundException);
    });
  });

  describe('PutSecretValue', () => {
    it('moves AWSCURRENT to the new version and AWSPREVIOUS to the one before', async () => {
      await create({ SecretString: 'first' });
      expect(await put({ SecretString: 'second' })).toMatchObject({ VersionStages: ['AWSCURRENT'] });
      expect((await read()).SecretString).toBe('second');
      expect((await read('AWSPREVIOUS')).SecretString).toBe('first');
    });

    it('gives the new version the labels asked for instead', async () => {
      await create({ SecretString: 'first' });
      await put({ SecretString: 'next', VersionStages: ['AWSPENDING'] });
      expect((await read()).SecretString).toBe('first');
      expect((await read('AWSPENDING')).SecretString).toBe('next');
    });

    it('makes the first version current whatever its labels', async () => {
      await create({});
      const { VersionStages } = await put({ SecretString: 'first', VersionStages: ['AWSPENDING'] });
      expect(VersionStages?.sort()).toEqual(['AWSCURRENT', 'AWSPENDING']);
    });

    it('changes nothing when repeated with the same token and value', async () => {
      await create({ SecretString: 'first' });
      const repeated = { ClientRequestToken: randomUUID(), SecretString: 'second' };
      const { VersionId } = await put(repeated);
      expect(VersionId).toBe(repeated.ClientRequestToken);
      await put({ SecretString: 'third' });
      await put(repeated);
      expect((await read()).SecretString).toBe('third');
    });

    it('refuses another value under a token that was used', async () => {
      await create({ SecretString: 'first' });
      const ClientRequestToken = randomUUID();
      await put({ ClientRequestToken, SecretString: 'second' });
      const again = put({ ClientRequestToken, SecretString: 'other' });
      await expect(again).rejects.toBeInstanceOf(ResourceExistsException);
      await expect(again).rejects.not.toThrow(/other/);
    });

    it.each([
      ['no value', {}],
      ['two values', { SecretString: 'a', SecretBinary: Uint8Array.of(1) }],
      ['an empty value', { SecretString: '' }],
      ['more than 65,536 bytes', { SecretString: 'a'.repeat(65_537) }],
      ['a short token', { SecretString: 'a', ClientRequestToken: 'short' }],
    ])('refuses %s', async (_, input) => {
      await create({ SecretString: 'first' });
      await expect(put(input)).rejects.toBeInstanceOf(InvalidParameterException);
      expect((await read()).SecretString).toBe('first');
    });

    it('refuses a value without a token, which the SDKs make up', async () => {
      await create({});
      const response = await fetch(test.secretsManager.url, {
        method: 'POST',
        headers: { 'x-amz-target': 'secretsmanager.PutSecretValue' },
        body: JSON.stringify({ SecretId: 'api-key', SecretString: 'a' }),
      });
      expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
      expect(await response.json()).toMatchObject({ __type: 'InvalidRequestException' });
    });

    it('does not make a secret', async () => {
      await expect(put({ SecretString: 'a' })).rejects.toBeInstanceOf(ResourceNotFoundException);
    });
  });

  describe('UpdateSecret', () => {
    const update = (input: { Description?: string; SecretString?: string; ClientRequestToken?: string }) =>
      test.client.send(new UpdateSecretCommand({ SecretId: 'api-key', ...input }));

    it('makes a new current version', async () => {
      await create({ SecretString: 'first' });
      const { VersionId } = await update({ SecretString: 'second' });
      expect(await read()).toMatchObject({ SecretString: 'second', VersionId });
      expect((await read('AWSPREVIOUS')).SecretString).toBe('first');
    });

    it('changes the description alone when there is no value', async () => {
      await create({ SecretString: 'first' });
      expect((await update({ Description: 'New' })).VersionId).toBeUndefined();
      expect(await describeSecret()).toMatchObject({ Description: 'New' });
      await update({ SecretString: 'second' });
      expect(await describeSecret()).toMatchObject({ Description: 'New' });
    });

    it('refuses a token that was used, even for the same value', async () => {
      const ClientRequestToken = randomUUID();
      await create({ SecretString: 'first', ClientRequestToken });
      await expect(update({ SecretString: 'first', ClientRequestToken })).rejects.toBeInstanceOf(
        ResourceExistsException,
      );
    });
  });

  describe('UpdateSecretVersionStage', () => {
    let firstId: string | undefined;
    let secondId: string | undefined;

    beforeEach(async () => {
      ({ VersionId: firstId } = await create({ SecretString: 'first' }));
      ({ VersionId: secondId } = await put({ SecretString: 'second' }));
    });

    const move = (input: Partial<UpdateSecretVersionStageCommandInput>) =>
      test.client.send(
        new UpdateSecretVersionStageCommand({ SecretId: 'api-key', VersionStage: 'AWSCURRENT', ...input }),
      );

    it('moves AWSCURRENT back, and AWSPREVIOUS with it', async () => {
      await move({ RemoveFromVersionId: secondId, MoveToVersionId: firstId });
      expect((await read()).SecretString).toBe('first');
      expect((await read('AWSPREVIOUS')).SecretString).toBe('second');
    });

    it('attaches a label that no version has, and takes it off', async () => {
      await move({ VersionStage: 'MINE', MoveToVersionId: firstId });
      expect((await read('MINE')).SecretString).toBe('first');
      await move({ VersionStage: 'MINE', RemoveFromVersionId: firstId });
      await expect(read('MINE')).rejects.toBeInstanceOf(ResourceNotFoundException);
    });

    it('refuses to move a label off a version that does not have it, or that is not named', async () => {
      await expect(move({ MoveToVersionId: firstId })).rejects.toBeInstanceOf(InvalidParameterException);
      await expect(move({ RemoveFromVersionId: firstId, MoveToVersionId: firstId })).rejects.toBeInstanceOf(
        InvalidParameterException,
      );
      expect((await read()).SecretString).toBe('second');
    });

    it('refuses to leave no version current, and to do nothing', async () => {
      await expect(move({ RemoveFromVersionId: secondId })).rejects.toBeInstanceOf(InvalidParameterException);
      await expect(move({})).rejects.toBeInstanceOf(InvalidParameterException);
    });

    it('refuses a version that is not there', async () => {
      await expect(move({ RemoveFromVersionId: secondId, MoveToVersionId: randomUUID() })).rejects.toBeInstanceOf(
        ResourceNotFoundException,
      );
    });
  });

  describe('DeleteSecret', () => {
    const remove = (input: Partial<DeleteSecretCommandInput> = {}) =>
      test.client.send(new DeleteSecretCommand({ SecretId: 'api-key', ...input }));

    it('schedules the deletion, after which the secret is described and nothing else', async () => {
      await create({ SecretString: 'first' });
      const { DeletionDate } = await remove({ RecoveryWindowInDays: 7 });
      expect((await describeSecret()).DeletedDate).toEqual(DeletionDate);
      const calls = [read, () => put({ SecretString: 'a' }), () => create({ SecretString: 'a' }), remove];
      for (const call of calls) {
        await expect(call()).rejects.toBeInstanceOf(InvalidRequestException);
      }
    });

    it('deletes by force at once, so that the name is free for a secret of another ARN', async () => {
      const { ARN } = await create({ SecretString: 'first' });
      await remove({ ForceDeleteWithoutRecovery: true });
      await expect(read()).rejects.toBeInstanceOf(ResourceNotFoundException);
      expect((await create({ SecretString: 'again' })).ARN).not.toBe(ARN);
    });

    it('succeeds by force for a secret that is not there, and fails otherwise', async () => {
      expect(await remove({ ForceDeleteWithoutRecovery: true })).toMatchObject({ Name: 'api-key' });
      await expect(remove()).rejects.toBeInstanceOf(ResourceNotFoundException);
    });

    it.each([
      { RecoveryWindowInDays: 6 },
      { RecoveryWindowInDays: 31 },
      { RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true },
    ])('refuses %j', async (input) => {
      await create({ SecretString: 'first' });
      await expect(remove(input)).rejects.toBeInstanceOf(InvalidParameterException);
      expect((await read()).SecretString).toBe('first');
    });
  });
});
