import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { claimKey } from '../../contract/claim-key';
import { environmentNames } from '../../contract/environment';
import { erasureRecordKey, tombstoneKey } from '../../contract/erasure-record';
import { tagNames } from '../../contract/outcome-tags';
import type { DeployedTemplate } from './deployed-template';
import { deploy, everyOption, synthesize } from './stacks';

const template = synthesize();
const deployed = deploy();
const withEveryOption = synthesize(everyOption);

describe('the photo bucket', () => {
  it('sends its object-created events to the queue and depends on the queue’s policy', () => {
    template.hasResource('AWS::S3::Bucket', {
      DependsOn: [Match.stringLikeRegexp('^UploaderQueuesUploadPolicy')],
      Properties: {
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              Event: 's3:ObjectCreated:*',
              Queue: { 'Fn::GetAtt': [Match.stringLikeRegexp('^UploaderQueuesUpload'), 'Arn'] },
              Filter: Match.absent(),
            },
          ],
        },
      },
    });
  });

  it('sends only the events of keys with the prefix, if one is set', () => {
    withEveryOption.hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: {
        QueueConfigurations: [{ Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'photos/' }] } } }],
      },
    });
  });

  it('sends the events of each prefix, if several are set', () => {
    const filterOf = (Value: string) => ({ S3Key: { Rules: [{ Name: 'prefix', Value }] } });
    const common = { Event: 's3:ObjectCreated:*', Queue: Match.anyValue() };
    synthesize({ keyPrefixes: ['photos/', "it's-(new)/"] }).hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: {
        QueueConfigurations: ['photos/', "it's-(new)/"].map((prefix) => ({ ...common, Filter: filterOf(prefix) })),
      },
    });
  });

  it('is private, versioned and encrypted, has no ACLs, and is retained', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        ...closedToOthers,
      },
    });
  });

  it('is encrypted with the configured key and a bucket key', () => {
    withEveryOption.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: 'kyc-photos',
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: everyOption.encryptionKeyArn },
          },
        ],
      },
    });
  });

  const expire = (status: string, days: number) => ({
    Status: 'Enabled',
    TagFilters: [{ Key: tagNames.status, Value: status }],
    ExpirationInDays: days,
    NoncurrentVersionExpiration: { NoncurrentDays: 1 },
  });

  it('keeps photos for ever by default, except erased ones', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: {
        Rules: [
          { Id: 'AbortUnfinishedUploads', ExpirationInDays: Match.absent() },
          expire('erased', 1),
          { ExpiredObjectDeleteMarker: true, Status: 'Enabled' },
        ],
      },
    });
  });

  it('expires photos by their outcome, and their noncurrent versions a day later', () => {
    withEveryOption.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: 'kyc-photos',
      LifecycleConfiguration: {
        Rules: [
          { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
          expire('uploaded', 30),
          expire('rejected', 90),
          expire('erased', 7),
          { ExpiredObjectDeleteMarker: true, Status: 'Enabled' },
        ],
      },
    });
  });
});

describe('the claims bucket', () => {
  it('is private and not versioned', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: Match.absent(),
      LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Id: 'ExpireEvidence' })]) },
      ...closedToOthers,
    });
  });

  const version = { bucket: 'photos', key: 'a.jpg', versionId: 'v', eTag: 'e' };
  const request = { ...version, requestId: '0123abcd', requestedAt: '2026-11-01T00:00:00Z' };

  it.each([
    ['claims after 30 days, later than any message', claimKey(version), 30],
    ['evidence after three years', erasureRecordKey(request), 1_096],
    ['no tombstone', tombstoneKey(version), undefined],
  ])('expires %s', (_, key, days) => {
    expect(expirationOf(deployed, key)).toEqual(days);
  });

  it('expires each claim, with any first digit of its hash', () => {
    const keys = Array.from({ length: 200 }, (_, at) => claimKey({ ...version, key: `${at}.jpg` }));
    expect(new Set(keys.map(([digit]) => digit)).size).toBe(16);
    expect(new Set(keys.map((key) => expirationOf(deployed, key)))).toEqual(new Set([30]));
  });

  it('keeps evidence as long as the setting says', () => {
    expect(expirationOf(deploy(everyOption), erasureRecordKey(request))).toBe(400);
  });
});

/** After how many days a lifecycle rule of the claims bucket expires an object. */
function expirationOf(template: DeployedTemplate, key: string): number | undefined {
  const { properties } = template.the('AWS::S3::Bucket', 'UploaderClaims');
  const { Rules } = properties['LifecycleConfiguration'] as {
    readonly Rules: readonly { readonly Prefix?: string; readonly ExpirationInDays: number }[];
  };
  return Rules.find(({ Prefix = '' }) => key.startsWith(Prefix))?.ExpirationInDays;
}

const closedToOthers = {
  OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  },
};

describe('the queues', () => {
  it('hide messages for more than six times the function’s timeout, and retain dead-lettered messages longer', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 300 });
    template.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 2_880,
      MessageRetentionPeriod: 7 * 86_400,
      RedrivePolicy: {
        maxReceiveCount: 130,
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^UploaderQueuesDeadLetter'), 'Arn'] },
      },
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      MessageRetentionPeriod: 14 * 86_400,
      RedrivePolicy: Match.absent(),
    });
  });

  it('are encrypted with SQS-managed keys, so that S3 can send to them', () => {
    template.allResourcesProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      KmsMasterKeyId: Match.absent(),
    });
  });
});

describe('the function', () => {
  it('runs on arm64 and Node 24, with JSON logs and tracing, in no VPC', () => {
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Architectures: ['arm64'],
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: Match.stringLikeRegexp('^UploaderUploadLogs') } },
      TracingConfig: { Mode: 'Active' },
      VpcConfig: Match.absent(),
      ReservedConcurrentExecutions: Match.absent(),
    });
  });

  it('waits for its role’s policies', () => {
    template.hasResource('AWS::Lambda::Function', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^UploaderUploadRoleTracing')]),
    });
  });

  it('has every environment variable that it reads', () => {
    const optional: readonly string[] = [
      environmentNames.performLivenessCheck,
      environmentNames.keyPrefixes,
      environmentNames.operatorsNamed,
    ];
    const names = Object.values(environmentNames).sort();
    expect(Object.keys(variablesOf(withEveryOption)).sort()).toEqual(names);
    expect(Object.keys(variablesOf(template)).sort()).toEqual(names.filter((name) => !optional.includes(name)));
  });

  it('has the configured values in its environment', () => {
    expect(variablesOf(withEveryOption)).toMatchObject({
      [environmentNames.apiKeySecretId]: 'complycube/api-key',
      [environmentNames.clientIdMetadata]: 'user-id',
      [environmentNames.complyCubeBaseUrl]: 'https://complycube.example/v1',
      [environmentNames.keyPrefixes]: 'photos/',
      [environmentNames.performLivenessCheck]: 'false',
      // 20 calls per second for 5 environments.
      [environmentNames.requestsPerSecond]: '4',
    });
  });

  it('rounds the calls per environment down if they can’t be divided evenly, and the dashboard shows their sum', () => {
    const shares = synthesize({ requestsPerSecond: 10, maxConcurrency: 3 });
    expect(variablesOf(shares)).toMatchObject({ [environmentNames.requestsPerSecond]: '3' });
    const dashboards = JSON.stringify(shares.findResources('AWS::CloudWatch::Dashboard'));
    expect(dashboards).toContain('Pace, in % of 9 calls per second');
  });

  it('has its durations, its bucket and its dead-letter queue in its environment', () => {
    expect(variablesOf(template)).toMatchObject({
      [environmentNames.callTimeoutMs]: '25000',
      [environmentNames.photoDeadlineMs]: '60000',
      [environmentNames.clientIdMetadata]: 'client-id',
      [environmentNames.clockSkewMs]: '60000',
      [environmentNames.listingDelayMs]: '15000',
      [environmentNames.photoBucket]: { Ref: expect.stringMatching(/^UploaderPhotoBucket/) as unknown },
      [environmentNames.deadLetterQueueUrl]: { Ref: expect.stringMatching(/^UploaderQueuesDeadLetter/) as unknown },
    });
    const ofExistingBucket = synthesize({ existingBucket: 'existing-photos' });
    expect(variablesOf(ofExistingBucket)).toMatchObject({ [environmentNames.photoBucket]: 'existing-photos' });
  });

  it('retains its logs for three months, or for the configured time', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
    withEveryOption.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
  });

  it('receives batches with partial batch responses, in at most the configured number of environments', () => {
    const mapping = (concurrency: number) => ({
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^UploaderQueuesUpload'), 'Arn'] },
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: concurrency },
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', mapping(2));
    withEveryOption.hasResourceProperties('AWS::Lambda::EventSourceMapping', mapping(5));
  });
});

describe('the stack', () => {
  it('puts no API key and no generated value into the template', () => {
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      SecretString: Match.absent(),
      GenerateSecretString: Match.absent(),
    });
  });
});

function variablesOf(from: typeof template): Readonly<Record<string, unknown>> {
  const [fn] = Object.values(from.findResources('AWS::Lambda::Function')) as {
    Properties: { Environment: { Variables: Record<string, unknown> } };
  }[];
  return fn?.Properties.Environment.Variables ?? {};
}
