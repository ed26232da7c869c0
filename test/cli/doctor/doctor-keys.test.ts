import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  type KeyState,
  KMSClient,
  KMSServiceException,
} from '@aws-sdk/client-kms';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { type EncryptedResource, lookUpKeys, type UsedKey } from '../../../cli/doctor/key-facts';
import { actionsOf, judgeKeys, type KeyUsers } from '../../../cli/doctor/judge-kms';
import type { PolicyStatement } from '../../../cli/policy/statement';
import { notLookedUp } from '../../../cli/stack/fact';
import { LivePhotoUploader } from '../../../lib/live-photo-uploader';
import { account, DeployedTemplate } from '../../lib/deployed-template';
import { everyOption, makeApp } from '../../lib/stacks';

const kms = mockClient(KMSClient);
const arn = everyOption.pipelineKeyArn;
const otherArn = everyOption.encryptionKeyArn;
const role = `arn:aws:iam::${account.accountId}:role/Kyc-UploaderUploadRole-1A`;
const all = ['photos', 'the API key', 'claims', 'the upload queue', 'the dead-letter queue'] as const;

beforeEach(() => {
  kms.reset();
  kms.rejects(new Error('unplanned call'));
});

/** The policy that the stack gives a key of its app, and the callers that a deployed stack has. */
function ownKey(isExistingBucket: boolean): { readonly statements: PolicyStatement[]; readonly users: KeyUsers } {
  const stack = new Stack(makeApp(), 'Kyc');
  new LivePhotoUploader(stack, 'Uploader', {
    pipelineKey: new Key(stack, 'Key'),
    alarmEmail: everyOption.alarmEmail,
    ...(isExistingBucket && { existingBucket: Bucket.fromBucketName(stack, 'Existing', 'existing-photos') }),
  });
  const template = new DeployedTemplate(Template.fromStack(stack).toJSON(), 'Kyc');
  const { KeyPolicy } = template.the('AWS::KMS::Key').properties as {
    readonly KeyPolicy: { readonly Statement: PolicyStatement[] };
  };
  const [rule] = template.ofType('AWS::Events::Rule');
  return {
    statements: KeyPolicy.Statement,
    users: {
      ...{ role, region: account.region, photoBucket: 'existing-photos', ruleName: rule?.ref },
      logGroup: template.the('AWS::Logs::LogGroup').ref,
      notifyingAlarm: template.ofType('AWS::CloudWatch::Alarm')[0]?.ref,
    },
  };
}

function used(statements: readonly PolicyStatement[], change: Partial<UsedKey> = {}, state = 'Enabled'): UsedKey {
  const policy = { isKnown: true, value: statements } as const;
  return { id: arn, resources: all, key: { isKnown: true, value: { arn, state, statements: policy } }, ...change };
}

describe.each([
  ['its own bucket', false, 's3.amazonaws.com'],
  ['an existing bucket', true, 'events.amazonaws.com'],
])('a key of the app for a stack with %s', (_, isExistingBucket, sender) => {
  const { statements, users } = ownKey(isExistingBucket);

  it('is right', () => {
    expect(judgeKeys([], [used(statements)], users)).toEqual([
      {
        ...{ check: 'KMS key', verdict: 'right' },
        said: `5678abcd-12ab-34cd-56ef-1234567890ab of ${all.join(', ')} is enabled, and its policy allows what the stack needs`,
      },
    ]);
  });

  it.each([
    ['the delegation to IAM', ':root', "the function's role kms:Decrypt"],
    ['the statement for the sender of events', `"${sender}"`, `${sender} kms:Decrypt`],
    ['the statement for the log', '"logs.', `logs.${account.region}.amazonaws.com kms:Encrypt`],
    ['the statement for alarms', '"cloudwatch.', 'cloudwatch.amazonaws.com kms:GenerateDataKey'],
  ])('is wrong without %s', (__, text, named) => {
    const without = statements.filter((statement) => !JSON.stringify(statement).includes(text));
    expect(without).toHaveLength(statements.length - 1);
    expect(judgeKeys([], [used(without)], users)).toMatchObject([
      {
        verdict: 'wrong',
        said: expect.stringContaining(named) as unknown,
        mend: expect.stringContaining('KMS keys') as unknown,
      },
    ]);
  });

  it('needs no statement for alarms without a topic', () => {
    const without = statements.filter((statement) => !JSON.stringify(statement).includes('"cloudwatch.'));
    expect(judgeKeys([], [used(without)], { ...users, notifyingAlarm: undefined })).toMatchObject([
      { verdict: 'right' },
    ]);
  });

  it.each([
    ['another account', 'aws:SourceAccount', '222222222222'],
    ['another rule or alarm', 'aws:SourceArn', 'arn:aws:events:us-east-1:000000000000:rule/Another-*'],
    [
      'another log group',
      'kms:EncryptionContext:aws:logs:arn',
      'arn:aws:logs:us-east-1:000000000000:log-group:Another-*',
    ],
  ])('is wrong with a statement for %s', (__, key, value) => {
    const changed = JSON.parse(JSON.stringify(statements), (name, old: unknown) =>
      name === key ? value : old,
    ) as PolicyStatement[];
    expect(judgeKeys([], [used(changed)], users)).toMatchObject([{ verdict: 'wrong' }]);
  });

  it('is not checked if its policy has a condition that is not known', () => {
    const deny: PolicyStatement = {
      ...{ Effect: 'Deny', Principal: '*', Action: 'kms:*' },
      Condition: { StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } },
    };
    expect(judgeKeys([], [used([...statements, deny])], users)).toMatchObject([{ verdict: 'unchecked' }]);
  });
});

describe('a key', () => {
  const { statements, users } = ownKey(false);
  const delegation = statements.filter((statement) => JSON.stringify(statement).includes(':root'));

  it.each([
    ['Disabled', 'aws kms enable-key'],
    ['PendingDeletion', 'aws kms cancel-key-deletion'],
    ['PendingImport', 'KMS console'],
    ['Unavailable', 'KMS console'],
  ])('whose state is %s is wrong', (state, mend) => {
    expect(judgeKeys([], [used(statements, {}, state)], users)).toMatchObject([
      {
        verdict: 'wrong',
        said: expect.stringContaining(`is ${state}`) as unknown,
        mend: expect.stringContaining(mend) as unknown,
      },
    ]);
  });

  it('of photos or of an existing secret needs only the delegation to IAM, or the role by name', () => {
    for (const resources of [['photos'], ['the API key']] as const) {
      expect(judgeKeys([], [used(delegation, { resources })], users)).toMatchObject([{ verdict: 'right' }]);
      const named: PolicyStatement = { Effect: 'Allow', Principal: { AWS: role }, Action: 'kms:Decrypt' };
      expect(judgeKeys([], [used([named], { resources })], users)).toMatchObject([{ verdict: 'right' }]);
      expect(judgeKeys([], [used([], { resources })], users)).toMatchObject([{ verdict: 'wrong' }]);
    }
  });

  it('is never right if something about it is not known', () => {
    const because = 'AWS does not allow this';
    const unknown: readonly [UsedKey, KeyUsers | undefined][] = [
      [used(statements, { key: notLookedUp(because) }), users],
      [used([], { key: { isKnown: true, value: { arn, state: 'Enabled', statements: notLookedUp(because) } } }), users],
      [used(statements), undefined],
    ];
    for (const [key, by] of unknown) expect(judgeKeys([], [key], by)).toMatchObject([{ verdict: 'unchecked' }]);
    expect(judgeKeys([['claims', notLookedUp(because)]], [], users)).toEqual([
      { check: 'KMS key', verdict: 'unchecked', said: `the key of claims: ${because}` },
    ]);
  });

  it('that does not exist is wrong', () => {
    const key = { isKnown: false, isMissing: true, because: 'gone' } as const;
    expect(judgeKeys([], [used([], { key })], users)).toMatchObject([{ verdict: 'wrong' }]);
  });

  it('that AWS manages needs no check', () => {
    const resources: EncryptedResource[] = [['photos', { isKnown: true, value: undefined }]];
    expect(judgeKeys(resources, [], users)).toEqual([
      { check: 'KMS key', verdict: 'right', said: 'No customer managed key is in use' },
    ]);
  });

  it('requires data keys of the function only for what it writes', () => {
    expect(actionsOf(used([], { resources: ['photos', 'the API key'] }))).toEqual(['kms:Decrypt']);
    expect(actionsOf(used([]))).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
  });
});

describe('the keys of a stack', () => {
  const known = (value: string | undefined) => ({ isKnown: true, value }) as const;
  const client = () => new KMSClient({ region: 'eu-west-2' });
  const refusal = (name: string) =>
    new KMSServiceException({ ...{ name, message: name, $fault: 'client' }, $metadata: { httpStatusCode: 400 } });
  const describes = (id: string, KeyState: KeyState = 'Enabled', KeyManager: 'AWS' | 'CUSTOMER' = 'CUSTOMER') =>
    kms.on(DescribeKeyCommand, { KeyId: id }).resolves({
      KeyMetadata: { KeyId: 'id', Arn: id === otherArn ? otherArn : arn, KeyState, KeyManager },
    });

  it('are looked up once each, whether they are named by ID, ARN or alias', async () => {
    for (const id of ['1234', 'alias/pipeline', arn, otherArn]) describes(id);
    kms.on(GetKeyPolicyCommand).resolves({ Policy: '{"Statement":[{"Effect":"Deny"}]}' });
    const keys = await lookUpKeys(client(), [
      ['photos', known(otherArn)],
      ['claims', known('1234')],
      ['the upload queue', known('alias/pipeline')],
      ['the dead-letter queue', known(arn)],
    ]);
    const statements = { isKnown: true, value: [{ Effect: 'Deny' }] };
    expect(keys).toMatchObject([
      { resources: ['photos'], key: { value: { arn: otherArn, statements } } },
      { resources: ['claims', 'the upload queue', 'the dead-letter queue'], key: { value: { arn, statements } } },
    ]);
    expect(kms.commandCalls(GetKeyPolicyCommand).every(({ args }) => args[0].input.KeyId?.startsWith('arn:'))).toBe(
      true,
    );
  });

  it('are not looked up if AWS manages them', async () => {
    describes(arn, 'Enabled', 'AWS');
    const keys = await lookUpKeys(client(), [
      ['photos', known(undefined)],
      ['the API key', known('alias/aws/secretsmanager')],
      ['claims', known(arn)],
      ['the upload queue', notLookedUp('no')],
    ]);
    expect(keys).toEqual([]);
    expect(kms.commandCalls(DescribeKeyCommand)).toHaveLength(1);
  });

  it.each([
    ['AccessDeniedException', false],
    ['NotFoundException', true],
  ])('are unknown if KMS answers %s', async (name, isMissing) => {
    kms.on(DescribeKeyCommand).rejects(refusal(name));
    const [key] = await lookUpKeys(client(), [['photos', known(arn)]]);
    expect(key).toMatchObject({ id: arn, key: { isKnown: false, isMissing } });
  });

  it('have a known state if only their policy may not be read', async () => {
    describes(arn, 'Disabled');
    kms.on(GetKeyPolicyCommand).rejects(refusal('AccessDeniedException'));
    const [key] = await lookUpKeys(client(), [['photos', known(arn)]]);
    expect(key).toMatchObject({ key: { value: { state: 'Disabled', statements: { isKnown: false } } } });
  });
});
