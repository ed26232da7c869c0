import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { environmentNames } from '../../contract/environment';
import { tagNames } from '../../contract/outcome-tags';
import { everyOption, existingBucket, synthesize } from './stacks';

const template = synthesize();
const withEveryOption = synthesize(everyOption);

describe('the photo bucket', () => {
  it('sends its created objects to the queue, by its own property, once the queue’s policy stands', () => {
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

  it('announces just the keys with the prefix, where one is given', () => {
    withEveryOption.hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: {
        QueueConfigurations: [{ Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'photos/' }] } } }],
      },
    });
  });

  it('is private, versioned and encrypted, belongs to its owner, and outlives the stack', () => {
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

  it('is encrypted with the key that is given, one data key for many objects', () => {
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

  it('keeps photos for ever by default', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: { Rules: [{ Id: 'AbortUnfinishedUploads', ExpirationInDays: Match.absent() }] },
    });
  });

  it('removes photos by their outcome so many days after, with the versions that are left behind', () => {
    const expire = (status: string, days: number) => ({
      Status: 'Enabled',
      TagFilters: [{ Key: tagNames.status, Value: status }],
      ExpirationInDays: days,
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    });
    withEveryOption.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: 'kyc-photos',
      LifecycleConfiguration: {
        Rules: [
          { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
          expire('uploaded', 30),
          expire('rejected', 90),
          { ExpiredObjectDeleteMarker: true, Status: 'Enabled' },
        ],
      },
    });
  });
});

describe('the claims bucket', () => {
  it('is private and empties itself, after longer than any message lives', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: Match.absent(),
      LifecycleConfiguration: { Rules: [{ Id: 'ExpireClaims', ExpirationInDays: 30, Status: 'Enabled' }] },
      ...closedToOthers,
    });
  });
});

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
  it('hide messages for more than six times the function’s timeout, and keep dead-lettered messages longer', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 75 });
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

  it('are encrypted in a way that S3 can send to', () => {
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

  it('is told every environment variable that it reads', () => {
    const optional = environmentNames.performLivenessCheck;
    const names = Object.values(environmentNames).sort();
    expect(Object.keys(variablesOf(withEveryOption)).sort()).toEqual(names);
    expect(Object.keys(variablesOf(template)).sort()).toEqual(names.filter((name) => name !== optional));
  });

  it('is told what was configured', () => {
    expect(variablesOf(withEveryOption)).toMatchObject({
      [environmentNames.apiKeySecretId]: 'complycube/api-key',
      [environmentNames.complyCubeBaseUrl]: 'https://complycube.example/v1',
      [environmentNames.performLivenessCheck]: 'false',
      // 20 calls a second among 5 environments.
      [environmentNames.requestsPerSecond]: '4',
    });
  });

  it('leaves a share of the calls unused where the environments do not divide them', () => {
    const shares = synthesize({ requestsPerSecond: 10, maxConcurrency: 3 });
    expect(variablesOf(shares)).toMatchObject({ [environmentNames.requestsPerSecond]: '3' });
  });

  it('gets its durations, its bucket and its dead-letter queue from the stack', () => {
    expect(variablesOf(template)).toMatchObject({
      [environmentNames.callTimeoutMs]: '25000',
      [environmentNames.photoDeadlineMs]: '60000',
      [environmentNames.clockSkewMs]: '60000',
      [environmentNames.listingDelayMs]: '15000',
      [environmentNames.photoBucket]: { Ref: expect.stringMatching(/^UploaderPhotoBucket/) as unknown },
      [environmentNames.deadLetterQueueUrl]: { Ref: expect.stringMatching(/^UploaderQueuesDeadLetter/) as unknown },
    });
    const ofExistingBucket = synthesize({ existingBucket: 'photos-of-before' });
    expect(variablesOf(ofExistingBucket)).toMatchObject({ [environmentNames.photoBucket]: 'photos-of-before' });
  });

  it('keeps its logs for three months, or for as long as was asked', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
    withEveryOption.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
  });

  it('is fed in batches that may fail in part, from no more environments than asked for', () => {
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
  it('puts no key into the template, not even a made-up one', () => {
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      SecretString: Match.absent(),
      GenerateSecretString: Match.absent(),
    });
  });

  it('says the names that a person needs next', () => {
    const values = (from: typeof template) =>
      Object.entries(from.findOutputs('*')).map(([name, output]) => [name, (output as { Value: unknown }).Value]);
    expect(Object.fromEntries(values(template))).toEqual({
      PhotoBucketName: { Ref: expect.stringMatching(/^UploaderPhotoBucket/) },
      ApiKeySecretId: { Ref: expect.stringMatching(/^UploaderApiKey/) },
      UploadQueueUrl: { Ref: expect.stringMatching(/^UploaderQueuesUpload/) },
      DeadLetterQueueUrl: { Ref: expect.stringMatching(/^UploaderQueuesDeadLetter/) },
      FunctionName: { Ref: expect.stringMatching(/^UploaderUploadFunction/) },
      DashboardUrl: { 'Fn::Join': ['', expect.arrayContaining(['.console.aws.amazon.com/cloudwatch/home?region='])] },
    });
    expect(Object.fromEntries(values(synthesize(existingBucket)))).toMatchObject({
      PhotoBucketName: 'photos-that-stand',
    });
  });
});

function variablesOf(from: typeof template): Readonly<Record<string, unknown>> {
  const [fn] = Object.values(from.findResources('AWS::Lambda::Function')) as {
    Properties: { Environment: { Variables: Record<string, unknown> } };
  }[];
  return fn?.Properties.Environment.Variables ?? {};
}
