import { describe, expect, it } from '@jest/globals';
import { erasureRecordPrefix, tombstonePrefix } from '../../contract/erasure-record';
import { bucketPolicyForTaggers, documentedPolicy } from '../docs/documented-policies';
import { readJsonBlock } from '../docs/documents';
import { account, type DeployedTemplate } from './deployed-template';
import { functionRole, resourcePolicy, rolePolicies, roleWithAll } from './policies';
import { type AccessRequest, isAllowed, type Principal, type Statement } from './policy-evaluator';
import { deploy, existingBucket } from './stacks';

type Context = NonNullable<AccessRequest['context']>;
/**
 * Who tries it: a role of the account that may do everything in the action's service, the function, a trusted tagger or an
 * operator with the same permissions, or the service that sends events to the upload queue.
 */
type Who = 'administrator' | 'function' | 'trusted tagger' | 'operator' | 'sender of events';
type What =
  | ('photo' | 'photo outside the prefix' | 'photo bucket' | 'claim' | 'tombstone' | 'evidence' | 'claims bucket')
  | ('API key' | 'replica of the API key' | 'upload queue' | 'dead-letter queue' | 'function' | 'role');
/** Denied by a policy; allowed; or allowed, but an event of CloudTrail shows it. */
type Expected = 'denied' | 'allowed' | 'detected';
type Attempt = readonly [who: Who, action: string, on: What, context: Context, expected: Expected];

const tagged = { 's3:ExistingObjectTag/complycube-status': 'rejected' };
const writing = (...keys: string[]): Context => ({ 's3:RequestObjectTagKeys': keys });
const outcome = { 'complycube-status': 'uploaded', 'complycube-live-photo-id': '0123' };
const rejection = { 'complycube-status': 'rejected', 'complycube-rejection': 'refused-by-complycube' };
const refusal = { ...rejection, 'complycube-message': 'No face' };
/** The condition keys of a request that replaces an object's tags. */
const tagging = (
  requested: Readonly<Record<string, string>>,
  current: Readonly<Record<string, string>> = {},
): Context => {
  const keysOf = (kind: string, tags: Readonly<Record<string, string>>): Context =>
    Object.fromEntries(Object.entries(tags).map(([name, value]) => [`s3:${kind}ObjectTag/${name}`, value]));
  return { ...writing(...Object.keys(requested)), ...keysOf('Request', requested), ...keysOf('Existing', current) };
};
const copying = { 's3:x-amz-copy-source': '/bucket-of-the-attacker/a.jpg' };

const attempts: readonly Attempt[] = [
  // Tags that forge an outcome.
  ['administrator', 's3:PutObject', 'photo', writing('complycube-status'), 'denied'],
  ['administrator', 's3:PutObject', 'photo outside the prefix', writing('complycube-status'), 'denied'],
  ['administrator', 's3:PutObjectTagging', 'photo', writing('album', 'complycube-live-photo-id'), 'denied'],
  ['administrator', 's3:PutObjectTagging', 'photo outside the prefix', writing('complycube-status'), 'denied'],
  ['administrator', 's3:PutObjectVersionTagging', 'photo', writing('complycube-rejection'), 'denied'],
  ['administrator', 's3:PutObject', 'photo', copying, 'denied'],
  ['administrator', 's3:PutObject', 'photo', { ...copying, ...writing('complycube-status') }, 'denied'],
  ['administrator', 's3:PutObject', 'photo outside the prefix', copying, 'denied'],
  ['administrator', 's3:ReplicateObject', 'photo', {}, 'denied'],
  ['administrator', 's3:ReplicateTags', 'photo', {}, 'denied'],
  ['function', 's3:PutObjectVersionTagging', 'photo', writing('complycube-status'), 'allowed'],
  // Tags that remove an outcome or change it.
  ['administrator', 's3:PutObjectTagging', 'photo', { ...tagged, ...writing('album') }, 'denied'],
  ['administrator', 's3:PutObjectVersionTagging', 'photo', tagged, 'denied'],
  ['administrator', 's3:DeleteObjectTagging', 'photo', tagged, 'denied'],
  ['administrator', 's3:DeleteObjectVersionTagging', 'photo outside the prefix', tagged, 'denied'],
  ['function', 's3:PutObjectTagging', 'photo', { ...tagged, ...writing('complycube-status') }, 'allowed'],
  // Trusted taggers keep the outcome.
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging({ scan: 'clean' }), 'allowed'],
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging({ ...outcome, scan: 'clean' }, outcome), 'allowed'],
  ['trusted tagger', 's3:PutObjectVersionTagging', 'photo', tagging({ ...outcome, scan: 'clean' }, outcome), 'allowed'],
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging({ scan: 'clean' }, outcome), 'denied'],
  ['trusted tagger', 's3:PutObjectVersionTagging', 'photo', tagging({}, outcome), 'denied'],
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging(outcome), 'denied'],
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging({ 'complycube-live-photo-id': 'a' }), 'denied'],
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging({ 'complycube-status': 'rejected' }, outcome), 'denied'],
  [
    'trusted tagger',
    's3:PutObjectTagging',
    'photo',
    tagging({ ...outcome, 'complycube-live-photo-id': 'another' }, outcome),
    'denied',
  ],
  [
    'trusted tagger',
    's3:PutObjectVersionTagging',
    'photo',
    tagging({ ...outcome, 'complycube-rejection': 'too-small' }, outcome),
    'denied',
  ],
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging({ ...refusal, scan: 'clean' }, refusal), 'allowed'],
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging(rejection, refusal), 'denied'],
  [
    'trusted tagger',
    's3:PutObjectTagging',
    'photo',
    tagging({ ...rejection, 'complycube-message': 'Another' }, refusal),
    'denied',
  ],
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging(refusal, rejection), 'denied'],
  ['trusted tagger', 's3:DeleteObjectTagging', 'photo', tagging({}, outcome), 'denied'],
  ['trusted tagger', 's3:DeleteObjectVersionTagging', 'photo', tagging({}, outcome), 'denied'],
  ['trusted tagger', 's3:DeleteObjectTagging', 'photo', {}, 'allowed'],
  ['trusted tagger', 's3:PutObject', 'photo', tagging(outcome), 'denied'],
  ['administrator', 's3:PutObjectTagging', 'photo', tagging({ ...outcome, scan: 'clean' }, outcome), 'denied'],
  // What apps do.
  ['administrator', 's3:PutObject', 'photo', {}, 'allowed'],
  ['administrator', 's3:PutObject', 'photo', writing('album'), 'allowed'],
  ['administrator', 's3:PutObjectTagging', 'photo', writing('album'), 'allowed'],
  ['administrator', 's3:DeleteObject', 'photo', {}, 'allowed'],
  ['administrator', 's3:DeleteObjectVersion', 'photo', {}, 'allowed'],
  // A claim names the live photo of an unfinished attempt.
  ['administrator', 's3:PutObject', 'claim', {}, 'denied'],
  ['administrator', 's3:PutObject', 'claim', copying, 'denied'],
  ['administrator', 's3:DeleteObject', 'claim', {}, 'denied'],
  ['administrator', 's3:DeleteObjectVersion', 'claim', {}, 'denied'],
  ['administrator', 's3:ReplicateObject', 'claim', {}, 'denied'],
  ['administrator', 's3:ReplicateDelete', 'claim', {}, 'denied'],
  ['administrator', 's3:ReplicateTags', 'claim', {}, 'denied'],
  ['administrator', 's3:GetObject', 'claim', {}, 'allowed'],
  ['function', 's3:PutObject', 'claim', {}, 'allowed'],
  ['function', 's3:DeleteObject', 'claim', {}, 'allowed'],
  // Without its tombstone, an erased photo could be uploaded again. Evidence must not be forged.
  ...(['tombstone', 'evidence'] as const).flatMap((record) => [
    ...(['administrator', 'operator', 'trusted tagger'] as const).flatMap((who) =>
      ['PutObject', 'DeleteObject', 'DeleteObjectVersion', 'ReplicateObject', 'ReplicateDelete'].map(
        (action): Attempt => [who, `s3:${action}`, record, {}, 'denied'],
      ),
    ),
    ['operator', 's3:GetObject', record, {}, 'allowed'] satisfies Attempt,
    ['function', 's3:PutObject', record, {}, 'allowed'] satisfies Attempt,
    ['function', 's3:GetObject', record, {}, 'allowed'] satisfies Attempt,
  ]),
  // The tag of an erasure. Only the function writes it, and an operator deletes the version afterwards.
  ['operator', 's3:PutObjectVersionTagging', 'photo', writing('complycube-status'), 'denied'],
  ['operator', 's3:DeleteObjectVersion', 'photo', {}, 'allowed'],
  ['function', 's3:DeleteObjectVersion', 'photo', {}, 'denied'],
  ['function', 's3:DeleteObject', 'photo', {}, 'denied'],
  // The request of an erasure is a message in the upload queue, and nobody but operators can send one: see below.
  ['function', 'sqs:SendMessage', 'upload queue', {}, 'denied'],
  // The API key.
  ['administrator', 'secretsmanager:GetSecretValue', 'API key', {}, 'denied'],
  ['administrator', 'secretsmanager:GetSecretValue', 'replica of the API key', {}, 'denied'],
  ['administrator', 'secretsmanager:ReplicateSecretToRegions', 'API key', {}, 'denied'],
  ['function', 'secretsmanager:ReplicateSecretToRegions', 'API key', {}, 'denied'],
  ['function', 'secretsmanager:GetSecretValue', 'API key', {}, 'allowed'],
  // The queues.
  ...(['upload queue', 'dead-letter queue'] as const).flatMap((queue) =>
    ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:PurgeQueue'].flatMap((action): Attempt[] => [
      ['administrator', action, queue, {}, 'denied'],
      ['operator', action, queue, {}, 'allowed'],
    ]),
  ),
  ['sender of events', 'sqs:SendMessage', 'upload queue', {}, 'allowed'],
  ['sender of events', 'sqs:ReceiveMessage', 'upload queue', {}, 'denied'],
  ['sender of events', 'sqs:SendMessage', 'dead-letter queue', {}, 'denied'],
  ['function', 'sqs:ReceiveMessage', 'upload queue', {}, 'allowed'],
  ['function', 'sqs:DeleteMessage', 'upload queue', {}, 'allowed'],
  ['function', 'sqs:SendMessage', 'dead-letter queue', {}, 'allowed'],
  // Nobody can be denied to change a policy: CloudFormation must be able to, with a role that the stack does not know.
  ['administrator', 's3:PutBucketPolicy', 'photo bucket', {}, 'detected'],
  ['administrator', 's3:PutBucketPolicy', 'claims bucket', {}, 'detected'],
  ['administrator', 's3:DeleteBucketPolicy', 'photo bucket', {}, 'detected'],
  ['administrator', 's3:DeleteBucketPolicy', 'claims bucket', {}, 'detected'],
  // A lifecycle rule can delete claims, tombstones and evidence.
  ['administrator', 's3:PutLifecycleConfiguration', 'photo bucket', {}, 'detected'],
  ['administrator', 's3:PutLifecycleConfiguration', 'claims bucket', {}, 'detected'],
  ['administrator', 'secretsmanager:PutResourcePolicy', 'API key', {}, 'detected'],
  ['administrator', 'secretsmanager:DeleteResourcePolicy', 'API key', {}, 'detected'],
  ['administrator', 'secretsmanager:PutSecretValue', 'API key', {}, 'detected'],
  ['administrator', 'secretsmanager:UpdateSecret', 'API key', {}, 'detected'],
  ['administrator', 'secretsmanager:UpdateSecretVersionStage', 'API key', {}, 'detected'],
  ['administrator', 'sqs:SetQueueAttributes', 'upload queue', {}, 'detected'],
  ['administrator', 'sqs:SetQueueAttributes', 'dead-letter queue', {}, 'detected'],
  ['administrator', 'sqs:AddPermission', 'upload queue', {}, 'detected'],
  ['administrator', 'sqs:AddPermission', 'dead-letter queue', {}, 'detected'],
  ['administrator', 'sqs:RemovePermission', 'upload queue', {}, 'detected'],
  ['administrator', 'sqs:RemovePermission', 'dead-letter queue', {}, 'detected'],
  ['administrator', 'sqs:DeleteQueue', 'upload queue', {}, 'detected'],
  ['administrator', 'sqs:DeleteQueue', 'dead-letter queue', {}, 'detected'],
  // Another way to act as the function.
  ['administrator', 'lambda:UpdateFunctionCode', 'function', {}, 'detected'],
  ['administrator', 'lambda:UpdateFunctionConfiguration', 'function', {}, 'detected'],
  ['administrator', 'lambda:CreateFunction', 'function', {}, 'detected'],
  ['administrator', 'iam:UpdateAssumeRolePolicy', 'role', {}, 'detected'],
];

/** The stack's resources and their policies. */
interface Target {
  readonly resource: string;
  readonly policy: readonly Statement[];
}
type Targets = Readonly<Record<What, Target>>;

const overTls = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };

function targetsOf(template: DeployedTemplate, photos: Target, apiKey: Target): Targets {
  const ofStack = (type: string, idStart?: string, path = ''): Target => {
    const resource = template.the(type, idStart);
    return { resource: resource.arn + path, policy: resourcePolicy(template, resource) };
  };
  const inPhotos = (path: string): Target => ({ ...photos, resource: photos.resource + path });
  return {
    photo: inPhotos('/photos/a.jpg'),
    'photo outside the prefix': inPhotos('/documents/a.jpg'),
    'photo bucket': photos,
    claim: ofStack('AWS::S3::Bucket', 'UploaderClaims', '/0123abcd/version-etag'),
    tombstone: ofStack('AWS::S3::Bucket', 'UploaderClaims', `/${tombstonePrefix}0123abcd/version-etag`),
    evidence: ofStack(
      'AWS::S3::Bucket',
      'UploaderClaims',
      `/${erasureRecordPrefix}2026-11-01/0123abcd/version-id.json`,
    ),
    'claims bucket': ofStack('AWS::S3::Bucket', 'UploaderClaims'),
    'API key': apiKey,
    'replica of the API key': { ...apiKey, resource: apiKey.resource.replace(account.region, 'eu-west-1') },
    'upload queue': ofStack('AWS::SQS::Queue', 'UploaderQueuesUpload'),
    'dead-letter queue': ofStack('AWS::SQS::Queue', 'UploaderQueuesDeadLetter'),
    function: ofStack('AWS::Lambda::Function'),
    role: ofStack('AWS::IAM::Role'),
  };
}

const operator = `arn:aws:iam::${account.accountId}:role/on-call`;
const trustedTagger = `arn:aws:iam::${account.accountId}:role/guard-duty`;
const own = deploy({ operatorRoleArns: [operator], trustedTaggerRoleArns: [trustedTagger] });
const ownBucket = own.the('AWS::S3::Bucket', 'UploaderPhotoBucket');
const ownSecret = own.the('AWS::SecretsManager::Secret');
const provided = deploy({
  ...existingBucket,
  apiKeySecret: 'complycube/api-key',
  operatorRoleArns: [operator],
});

/** Fills the names of a configuration into a documented policy. */
function filled(policy: { readonly Statement: readonly Statement[] }): Statement[] {
  const text = JSON.stringify(policy.Statement)
    .replaceAll('FUNCTION_ROLE_ARN', functionRole(provided).arn)
    .replaceAll('TAGGER_ROLE_ARN', trustedTagger)
    .replaceAll('BUCKET', existingBucket.existingBucket);
  return JSON.parse(text) as Statement[];
}

const configurations: [string, DeployedTemplate, Targets][] = [
  [
    'a bucket and a secret of the stack',
    own,
    targetsOf(
      own,
      { resource: ownBucket.arn, policy: resourcePolicy(own, ownBucket) },
      { resource: ownSecret.arn, policy: resourcePolicy(own, ownSecret) },
    ),
  ],
  [
    'an existing bucket and secret with the documented policies',
    provided,
    targetsOf(
      provided,
      {
        resource: `arn:aws:s3:::${existingBucket.existingBucket}`,
        policy: filled(bucketPolicyForTaggers()),
      },
      {
        resource: `arn:aws:secretsmanager:${account.region}:${account.accountId}:secret:complycube/api-key-AbCdEf`,
        policy: filled(documentedPolicy('Policy of an existing secret')),
      },
    ),
  ],
];

interface Caller {
  readonly principal: Principal;
  readonly identity: readonly Statement[];
  readonly extra?: Context;
}

function callerOf(who: Who, action: string, template: DeployedTemplate): Caller {
  const administrator = roleWithAll(action.split(':')[0] ?? '');
  switch (who) {
    case 'administrator':
      return administrator;
    case 'trusted tagger':
      return { ...administrator, principal: { kind: 'role', arn: trustedTagger } };
    case 'operator':
      return { ...administrator, principal: { kind: 'role', arn: operator } };
    case 'function':
      return { principal: functionRole(template), identity: rolePolicies(template) };
    case 'sender of events': {
      const [rule] = template.ofType('AWS::Events::Rule');
      const name = rule === undefined ? 's3.amazonaws.com' : 'events.amazonaws.com';
      const source = { 'aws:SourceAccount': account.accountId, 'aws:SourceArn': rule?.arn ?? ownBucket.arn };
      return { principal: { kind: 'service', name }, identity: [], extra: source };
    }
  }
}

describe.each(configurations)('with %s', (_, template, targets) => {
  it.each(attempts)('the %s’s %s on the %s with %j is %s', (who, action, on, context, expected) => {
    const { principal, identity, extra } = callerOf(who, action, template);
    const { resource, policy } = targets[on];
    const request = { principal, action, resource, context: { ...overTls, ...extra, ...context } };
    const isPossible = isAllowed(request, { accountId: account.accountId, identity, resource: policy });
    expect(isPossible).toBe(expected !== 'denied');
  });
});

describe('the documented event pattern', () => {
  const { detail } = readJsonBlock('docs/security.md', 'Detect changes of the protection') as {
    readonly detail: {
      readonly $or: readonly { eventSource: string[]; eventName: string[]; requestParameters: object }[];
    };
  };

  it('matches other functions that get the function’s role', () => {
    const withRole = detail.$or.flatMap(({ eventName, requestParameters }) =>
      'role' in requestParameters ? eventName : [],
    );
    expect(withRole).toEqual(['CreateFunction20150331', 'UpdateFunctionConfiguration20150331v2']);
  });

  it('matches exactly the calls that are detected', () => {
    /** Two calls need the same permission. */
    const permissions: Readonly<Record<string, string>> = {
      PutBucketLifecycle: 'PutLifecycleConfiguration',
      DeleteBucketLifecycle: 'PutLifecycleConfiguration',
    };
    // Lambda's names in CloudTrail end with the version of its API.
    const matched = detail.$or.flatMap(({ eventSource: [source = ''], eventName }) =>
      eventName.map(
        (name) => `${source.replace('.amazonaws.com', '')}:${permissions[name] ?? name.replace(/2015\d+(v\d)?$/, '')}`,
      ),
    );
    const detected = attempts.flatMap(([, action, , , expected]) => (expected === 'detected' ? [action] : []));
    expect([...new Set(matched)].sort()).toEqual([...new Set(detected)].sort());
  });
});
