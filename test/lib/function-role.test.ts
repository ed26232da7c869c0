import { describe, expect, it } from '@jest/globals';
import { account, type DeployedTemplate } from './deployed-template';
import { toList } from '../../cli/policy/patterns';
import { mayFunction, rolePolicies } from './policies';
import { sdkCalls } from './sdk-calls';
import { deploy, everyOption, existingBucket } from './stacks';

/** The resources that the function uses. */
interface Targets {
  readonly photo: string;
  readonly photoBucket: string;
  readonly claim: string;
  readonly claimsBucket: string;
  readonly queue: string;
  readonly deadLetterQueue: string;
  readonly secret: string;
  readonly eventBus: string;
  readonly logStream: string;
}
type Need = readonly [action: string, target: keyof Targets];

/** The actions that each SDK call requires (Service Authorization Reference). S3 has separate ones for calls with a version. */
const needs: Readonly<Record<string, readonly Need[]>> = {
  'api-key.ts client-secrets-manager GetSecretValueCommand': [['secretsmanager:GetSecretValue', 'secret']],
  'claims.ts client-s3 DeleteObjectCommand': [['s3:DeleteObject', 'claim']],
  'conditional-json.ts client-s3 GetObjectCommand': [
    ['s3:GetObject', 'claim'],
    ['s3:ListBucket', 'claimsBucket'],
  ],
  'conditional-json.ts client-s3 PutObjectCommand': [['s3:PutObject', 'claim']],
  'erasure-records.ts client-s3 PutObjectCommand': [['s3:PutObject', 'claim']],
  'outcome-events.ts client-eventbridge PutEventsCommand': [['events:PutEvents', 'eventBus']],
  'photo-store.ts client-s3 GetObjectCommand': [
    ['s3:GetObject', 'photo'],
    ['s3:GetObjectVersion', 'photo'],
    ['s3:ListBucket', 'photoBucket'],
  ],
  'photo-store.ts client-s3 GetObjectTaggingCommand': [
    ['s3:GetObjectTagging', 'photo'],
    ['s3:GetObjectVersionTagging', 'photo'],
  ],
  'photo-store.ts client-s3 HeadObjectCommand': [
    ['s3:GetObject', 'photo'],
    ['s3:GetObjectVersion', 'photo'],
  ],
  'photo-store.ts client-s3 PutObjectTaggingCommand': [
    ['s3:PutObjectTagging', 'photo'],
    ['s3:PutObjectVersionTagging', 'photo'],
  ],
  // The batch call requires the same permission.
  'upload-queue.ts client-sqs ChangeMessageVisibilityBatchCommand': [['sqs:ChangeMessageVisibility', 'queue']],
  'upload-queue.ts client-sqs DeleteMessageBatchCommand': [['sqs:DeleteMessage', 'queue']],
  'upload-queue.ts client-sqs ReceiveMessageCommand': [['sqs:ReceiveMessage', 'queue']],
  'upload-queue.ts client-sqs SendMessageCommand': [['sqs:SendMessage', 'deadLetterQueue']],
};
/** The calls that Lambda makes with the role: it polls the queue and writes the function's log. */
const needsOfLambda: readonly Need[] = [
  ['sqs:ReceiveMessage', 'queue'],
  ['sqs:DeleteMessage', 'queue'],
  ['sqs:GetQueueAttributes', 'queue'],
  ['logs:CreateLogStream', 'logStream'],
  ['logs:PutLogEvents', 'logStream'],
];
const allNeeds = [...Object.values(needs).flat(), ...needsOfLambda];
const tracing = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'];

function targetsOf(
  template: DeployedTemplate,
  {
    photoBucket,
    key,
    secret,
    eventBus = 'default',
  }: Record<'photoBucket' | 'key' | 'secret', string> & { eventBus?: string },
): Targets {
  const claimsBucket = template.the('AWS::S3::Bucket', 'UploaderClaims').arn;
  return {
    photo: `${photoBucket}/${key}`,
    photoBucket,
    claim: `${claimsBucket}/0123abcd/version-etag`,
    claimsBucket,
    queue: template.the('AWS::SQS::Queue', 'UploaderQueuesUpload').arn,
    deadLetterQueue: template.the('AWS::SQS::Queue', 'UploaderQueuesDeadLetter').arn,
    secret,
    eventBus: `arn:aws:events:${account.region}:${account.accountId}:event-bus/${eventBus}`,
    logStream: template.the('AWS::Logs::LogGroup').arn.replace(/\*$/, 'log-stream:2027/01/01/[$LATEST]0123'),
  };
}
const secretsOf = `arn:aws:secretsmanager:${account.region}:${account.accountId}:secret`;

const ofDefaults = deploy();
const ofEveryOption = deploy(everyOption);
const ofExistingBucket = deploy(existingBucket);
const ownPhotoBucket = ofDefaults.the('AWS::S3::Bucket', 'UploaderPhotoBucket').arn;
const ownSecret = ofDefaults.the('AWS::SecretsManager::Secret').arn;
const targets = targetsOf(ofDefaults, { photoBucket: ownPhotoBucket, key: 'any/photo.jpg', secret: ownSecret });
const configurations: [string, DeployedTemplate, Targets][] = [
  ['by default', ofDefaults, targets],
  [
    'with every option on',
    ofEveryOption,
    targetsOf(ofEveryOption, {
      photoBucket: 'arn:aws:s3:::kyc-photos',
      key: 'photos/a.jpg',
      secret: `${secretsOf}:complycube/api-key-Zz9Yy8`,
      eventBus: everyOption.eventBus,
    }),
  ],
  [
    'for an existing bucket',
    ofExistingBucket,
    targetsOf(ofExistingBucket, {
      photoBucket: 'arn:aws:s3:::existing-photos',
      key: 'photos/a.jpg',
      secret: ofExistingBucket.the('AWS::SecretsManager::Secret').arn,
    }),
  ],
];

describe('the function’s role', () => {
  it('is tested for exactly the SDK calls in the function’s source', () => {
    expect(sdkCalls()).toEqual(Object.keys(needs));
  });

  it.each(configurations)('allows each call that the function and Lambda make, %s', (_, template, own) => {
    const refused = allNeeds.filter(([action, target]) => !mayFunction(template, action, own[target]));
    expect(refused).toEqual([]);
    expect(tracing.every((action) => mayFunction(template, action, '*'))).toBe(true);
  });

  it.each(configurations)('allows no other action, %s', (_, template) => {
    const allowed = rolePolicies(template).flatMap(({ Action }) => toList(Action));
    const withKey = template === ofEveryOption ? ['kms:Decrypt', 'kms:GenerateDataKey'] : [];
    const needed = [...allNeeds.map(([action]) => action), ...tracing, ...withKey];
    expect(new Set(allowed)).toEqual(new Set(needed));
  });

  it.each(allNeeds)('allows %s on no other %s', (action, target) => {
    const others: Readonly<Record<keyof Targets, string>> = {
      photo: 'arn:aws:s3:::another-bucket/any/photo.jpg',
      photoBucket: 'arn:aws:s3:::another-bucket',
      claim: 'arn:aws:s3:::another-bucket/0123abcd/version-etag',
      claimsBucket: 'arn:aws:s3:::another-bucket',
      queue: ofDefaults.the('AWS::SQS::Queue', 'UploaderQueuesDeadLetter').arn,
      deadLetterQueue: ofDefaults.the('AWS::SQS::Queue', 'UploaderQueuesUpload').arn,
      secret: `${secretsOf}:another-AbCdEf`,
      eventBus: `arn:aws:events:${account.region}:${account.accountId}:event-bus/another`,
      logStream: `arn:aws:logs:${account.region}:${account.accountId}:log-group:another:log-stream:any`,
    };
    expect(mayFunction(ofDefaults, action, others[target])).toBe(false);
  });

  it.each([
    ['s3:PutObject', targets.photo],
    ['s3:DeleteObject', targets.photo],
    ['s3:DeleteObjectVersion', targets.photo],
    ['s3:DeleteObjectTagging', targets.photo],
    ['s3:PutObjectAcl', targets.photo],
    ['s3:ListBucketVersions', targets.photoBucket],
    ['s3:PutBucketPolicy', targets.photoBucket],
    ['s3:PutObjectTagging', targets.claim],
    ['s3:GetObjectVersion', targets.claim],
    ['s3:DeleteObjectVersion', targets.claim],
    ['sqs:SendMessage', targets.queue],
    ['sqs:PurgeQueue', targets.queue],
    ['sqs:ReceiveMessage', targets.deadLetterQueue],
    ['sqs:DeleteMessage', targets.deadLetterQueue],
    ['secretsmanager:PutSecretValue', targets.secret],
    ['secretsmanager:DeleteSecret', targets.secret],
    ['logs:CreateLogGroup', targets.logStream],
    ['kms:Decrypt', everyOption.encryptionKeyArn],
    ['sts:AssumeRole', `arn:aws:iam::${account.accountId}:role/another`],
  ])('refuses %s on %s', (action, resource) => {
    expect(mayFunction(ofDefaults, action, resource)).toBe(false);
  });

  it('refuses photo objects without the prefix, if one is set', () => {
    const ofPhotos = allNeeds.filter(([, target]) => target === 'photo');
    const allowed = ofPhotos.filter(([action]) =>
      mayFunction(ofEveryOption, action, 'arn:aws:s3:::kyc-photos/documents/a.jpg'),
    );
    expect(allowed).toEqual([]);
  });

  it.each([
    ['the photos', everyOption.encryptionKeyArn],
    ['the API key', everyOption.apiKeySecretKeyArn],
  ])('decrypts %s only with its key, and uses that key for nothing else', (_, key) => {
    expect(mayFunction(ofEveryOption, 'kms:Decrypt', key)).toBe(true);
    expect(mayFunction(ofEveryOption, 'kms:Decrypt', key.replace('12ab', 'ffff'))).toBe(false);
    expect(mayFunction(ofEveryOption, 'kms:Encrypt', key)).toBe(false);
  });

  it('reads a secret that is configured by name, but none whose name starts with that name', () => {
    const read = (name: string): boolean =>
      mayFunction(ofEveryOption, 'secretsmanager:GetSecretValue', `${secretsOf}:${name}`);
    expect(read('complycube/api-key-AbCdEf')).toBe(true);
    expect(read('complycube/api-key-of-others-AbCdEf')).toBe(false);
  });

  it('can be assumed only by Lambda', () => {
    const trust = ofDefaults.the('AWS::IAM::Role').properties['AssumeRolePolicyDocument'] as { Statement: unknown };
    expect(trust.Statement).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
    ]);
  });
});
