import { describe, expect, it } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type BucketAttributes, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { LivePhotoUploader } from '../../lib/live-photo-uploader';
import type { LivePhotoUploaderProps } from '../../lib/uploader-props';
import { ConfigurationError } from '../../lib/validate-props';
import { account, DeployedTemplate } from './deployed-template';
import { mayFunction } from './policies';
import { isAllowed, type Statement } from './policy-evaluator';
import { deploy, everyOption, existingBucket, makeApp, synthesize } from './stacks';

const keyArn = everyOption.pipelineKeyArn;
const alarmEmail = everyOption.alarmEmail;
const claims = { LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Id: 'ExpireEvidence' })]) } };

/** A stack whose key is a construct of the same stack. */
function withOwnKey(props: LivePhotoUploaderProps = {}, stackName = 'Kyc'): Stack {
  const stack = new Stack(makeApp(), stackName);
  const pipelineKey = new Key(stack, 'Key', { enableKeyRotation: true });
  new LivePhotoUploader(stack, 'Uploader', { ...props, pipelineKey });
  return stack;
}

/** The properties of every resource that one key encrypts. */
function expectEncryption(template: Template, key: unknown, { queues }: { readonly queues: number }): void {
  template.hasResourceProperties('AWS::S3::Bucket', {
    ...claims,
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key },
        },
      ],
    },
  });
  template.resourceCountIs('AWS::SQS::Queue', queues);
  template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: key, SqsManagedSseEnabled: Match.absent() });
  template.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: key });
  template.allResourcesProperties('AWS::SNS::Topic', { KmsMasterKeyId: key });
  template.allResourcesProperties('AWS::SecretsManager::Secret', { KmsKeyId: key });
}

describe('without a pipeline key', () => {
  it('AWS manages all keys', () => {
    const template = synthesize({ alarmEmail });
    expect(JSON.stringify(template.toJSON())).not.toContain('KmsKeyId');
    expect(JSON.stringify(template.toJSON())).not.toContain('KmsMasterKeyId');
    template.hasResourceProperties('AWS::S3::Bucket', {
      ...claims,
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    });
    expect(mayFunction(deploy(), 'kms:GenerateDataKey', keyArn)).toBe(false);
  });
});

describe('a pipeline key', () => {
  it.each([
    ['its own bucket', {}, 2],
    ['an existing bucket', existingBucket, 3],
  ])('that is imported encrypts claims, secret, log, topic and each queue, for %s', (_, settings, queues) => {
    const template = synthesize({ ...settings, alarmEmail, pipelineKeyArn: keyArn });
    expectEncryption(template, keyArn, { queues });
    template.resourceCountIs('AWS::SecretsManager::Secret', 1);
    template.resourceCountIs('AWS::SNS::Topic', 1);
    template.resourceCountIs('AWS::KMS::Key', 0);
  });

  // Template.fromStack refuses templates with cyclic dependencies.
  it.each<[string, (stack: Stack) => LivePhotoUploaderProps, number]>([
    ['its own bucket', () => ({}), 2],
    ['operators', (stack) => ({ operators: [roleIn(stack)] }), 2],
    ['a bucket that exists', (stack) => ({ existingBucket: bucketIn(stack) }), 3],
    [
      'a bucket that exists, and operators',
      (stack) => ({ existingBucket: bucketIn(stack), operators: [roleIn(stack)] }),
      3,
    ],
  ])('that is a construct of the same stack does so without a cycle, for %s', (_, props, queues) => {
    const stack = new Stack(makeApp(), 'Kyc');
    const pipelineKey = new Key(stack, 'Key');
    new LivePhotoUploader(stack, 'Uploader', { ...props(stack), alarmEmail, pipelineKey });
    expectEncryption(Template.fromStack(stack), { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] }, { queues });
  });

  it('can encrypt the photos too', () => {
    const stack = new Stack(makeApp(), 'Kyc');
    const key = new Key(stack, 'Key');
    new LivePhotoUploader(stack, 'Uploader', { pipelineKey: key, encryptionKey: key, alarmEmail });
    const template = Template.fromStack(stack);
    expect(Object.keys(template.findResources('AWS::KMS::Key'))).toHaveLength(1);
    template.allResourcesProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      },
    });
  });

  it('of another stack of the app is used without a cycle of stacks', () => {
    const app = makeApp();
    const pipelineKey = new Key(new Stack(app, 'Keys'), 'Key');
    for (const name of ['Passports', 'Selfies']) {
      new LivePhotoUploader(new Stack(app, name), 'Uploader', { pipelineKey, alarmEmail });
    }
    const [keys, ...others] = app.synth().stacks;
    expect(keys?.dependencies).toHaveLength(1);
    expect(others.every(({ dependencies }) => dependencies.some(({ id }) => id === 'Keys'))).toBe(true);
    const policy = JSON.stringify(keys?.template);
    expect(policy).toContain('log-group:Passports-*');
    expect(policy).toContain('log-group:Selfies-*');
  });

  it('is used by the function to decrypt and to generate data keys, and for nothing else', () => {
    const template = deploy({ pipelineKeyArn: keyArn });
    expect(mayFunction(template, 'kms:Decrypt', keyArn)).toBe(true);
    expect(mayFunction(template, 'kms:GenerateDataKey', keyArn)).toBe(true);
    expect(mayFunction(template, 'kms:Encrypt', keyArn)).toBe(false);
    expect(mayFunction(template, 'kms:Decrypt', keyArn.replace('12ab', 'ffff'))).toBe(false);
  });

  it('of another region is refused', () => {
    const stack = new Stack(new App(), 'Kyc', { env: { account: account.accountId, region: 'eu-west-2' } });
    const key = Key.fromKeyArn(stack, 'Key', keyArn);
    for (const name of ['pipelineKey', 'encryptionKey']) {
      const make = () => new LivePhotoUploader(stack, `With-${name}`, { [name]: key });
      expect(make).toThrow(
        new ConfigurationError(
          `${name} (${name}Arn) is in region us-east-1: it must be in the stack's region, which is eu-west-2, because a key works only in its region`,
        ),
      );
    }
  });

  it('must not be an alias', () => {
    const stack = new Stack(makeApp(), 'Kyc');
    const alias = new Key(stack, 'Key').addAlias('alias/pipeline');
    const make = () => new LivePhotoUploader(stack, 'Uploader', { pipelineKey: alias });
    expect(make).toThrow('pipelineKey (pipelineKeyArn) is an alias: it must be the key itself');
  });
});

describe('the policy of a key of the app', () => {
  const own = policyOf(withOwnKey({ alarmEmail }));
  const ofExistingBucket = policyOf(withExistingBucket());
  const ofAccount = { 'aws:SourceAccount': account.accountId };
  const logs = (name: string) => ({
    'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${account.region}:${account.accountId}:log-group:${name}`,
  });
  const rule = (name: string) => ({
    ...ofAccount,
    'aws:SourceArn': `arn:aws:events:${account.region}:${account.accountId}:rule/${name}`,
  });
  const alarm = {
    ...ofAccount,
    'aws:SourceArn': `arn:aws:cloudwatch:${account.region}:${account.accountId}:alarm:Kyc-A`,
  };
  const foreign = { 'aws:SourceAccount': '222222222222' };
  const logService = `logs.${account.region}.amazonaws.com`;

  it.each<[string, Statement[], string, Readonly<Record<string, string>>]>([
    ['S3 for a bucket of the account', own, 's3.amazonaws.com', ofAccount],
    ['the rule of an existing bucket', ofExistingBucket, 'events.amazonaws.com', rule('Kyc-UploaderObjectCreated-1A')],
    ['alarms of the account', own, 'cloudwatch.amazonaws.com', alarm],
    ['the stack’s log groups', own, logService, logs('Kyc-UploaderUploadLogs-1A')],
  ])('lets %s decrypt and generate data keys', (_, policy, service, context) => {
    for (const action of ['kms:Decrypt', 'kms:GenerateDataKey']) {
      expect(may(policy, service, action, context)).toBe(true);
    }
    expect(may(policy, service, 'kms:ScheduleKeyDeletion', context)).toBe(false);
    expect(may(policy, service, 'kms:PutKeyPolicy', context)).toBe(false);
  });

  it.each<[string, Statement[], string, Readonly<Record<string, string>>]>([
    ['S3 for a bucket of another account', own, 's3.amazonaws.com', foreign],
    ['S3 without an account', own, 's3.amazonaws.com', {}],
    ['a rule of another stack', ofExistingBucket, 'events.amazonaws.com', rule('Kyc2-UploaderObjectCreated-1A')],
    [
      'a rule of another account',
      ofExistingBucket,
      'events.amazonaws.com',
      { ...rule('Kyc-UploaderObjectCreated-1A'), ...foreign },
    ],
    ['EventBridge without a rule', ofExistingBucket, 'events.amazonaws.com', ofAccount],
    ['EventBridge, if S3 sends the events', own, 'events.amazonaws.com', rule('Kyc-UploaderObjectCreated-1A')],
    ['S3, if EventBridge sends the events', ofExistingBucket, 's3.amazonaws.com', ofAccount],
    ['alarms of another account', own, 'cloudwatch.amazonaws.com', { ...alarm, ...foreign }],
    ['CloudWatch without an alarm', own, 'cloudwatch.amazonaws.com', ofAccount],
    ['alarms, if there is no topic', ofExistingBucket, 'cloudwatch.amazonaws.com', alarm],
    ['log groups of another stack', own, logService, logs('Kyc2-UploaderUploadLogs-1A')],
    [
      'log groups of another account',
      own,
      logService,
      { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:us-east-1:2:log-group:Kyc-A' },
    ],
    ['log groups of another region', own, 'logs.eu-west-1.amazonaws.com', logs('Kyc-UploaderUploadLogs-1A')],
    ['another service', own, 'sns.amazonaws.com', { ...alarm, ...ofAccount }],
  ])('refuses %s', (_, policy, service, context) => {
    expect(may(policy, service, 'kms:Decrypt', context)).toBe(false);
    expect(may(policy, service, 'kms:GenerateDataKey', context)).toBe(false);
  });

  it('refers to no resource of the stack', () => {
    for (const stack of [withOwnKey({ alarmEmail }), withExistingBucket()]) {
      const [key] = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'));
      const text = JSON.stringify(key?.['Properties']);
      const references = [...text.matchAll(/"Ref":"([^"]+)"/g)].map(([, name]) => name);
      expect(references.length).toBeGreaterThan(3);
      expect(references.filter((name) => name?.startsWith('AWS::') !== true)).toEqual([]);
      expect(text).not.toContain('Fn::GetAtt');
    }
  });

  it('matches names that CloudFormation shortens', () => {
    const name = 'LivePhotosOfTheVeryLongNamedDepartment';
    const statements = policyOf(withOwnKey({}, name));
    expect(may(statements, logService, 'kms:Decrypt', logs(`${name}-UploaderUploadLogs-1A`))).toBe(true);
    expect(may(statements, logService, 'kms:Decrypt', logs('LivePhotosOfTheVeryLon-UploaderUploadLogs-1A'))).toBe(true);
    expect(may(statements, logService, 'kms:Decrypt', logs('LivePhotos-UploaderUploadLogs-1A'))).toBe(false);
  });
});

describe('access logs', () => {
  it('of both buckets go to the bucket of the setting', () => {
    const template = synthesize({ accessLogsBucket: 'access-logs' });
    for (const [bucket, properties] of [
      ['PhotoBucket', { VersioningConfiguration: { Status: 'Enabled' } }],
      ['Claims', claims],
    ] as const) {
      template.hasResourceProperties('AWS::S3::Bucket', {
        ...properties,
        LoggingConfiguration: { DestinationBucketName: 'access-logs', LogFilePrefix: `LivePhotos/Uploader/${bucket}/` },
      });
    }
    synthesize().allResourcesProperties('AWS::S3::Bucket', { LoggingConfiguration: Match.absent() });
  });

  it.each<[string, string, (stack: Stack) => LivePhotoUploaderProps]>([
    [
      'the existing bucket that the app names',
      'the photo bucket',
      (stack) => ({
        existingBucket: new Bucket(stack, 'Photos', { bucketName: 'photos' }) as IBucket,
        accessLogsBucket: Bucket.fromBucketName(stack, 'Logs', 'photos'),
      }),
    ],
    [
      'the existing bucket',
      'the photo bucket',
      (stack) => {
        const bucket = bucketIn(stack);
        return { accessLogsBucket: bucket, existingBucket: bucket };
      },
    ],
    [
      'the bucket that gets this name',
      'the photo bucket',
      (stack) => ({ accessLogsBucket: Bucket.fromBucketName(stack, 'Logs', 'photos'), bucketName: 'photos' }),
    ],
    [
      'a bucket of another region',
      'in region us-east-1',
      (stack) => ({ accessLogsBucket: logsBucket(stack, { region: 'us-east-1' }) }),
    ],
    [
      'a bucket of another account',
      'in account 222222222222',
      (stack) => ({ accessLogsBucket: logsBucket(stack, { account: '222222222222' }) }),
    ],
    [
      'a bucket with a customer managed key',
      'encrypted with a KMS key',
      (stack) => ({ accessLogsBucket: logsBucket(stack, { encryptionKey: new Key(stack, 'Key') }) }),
    ],
    [
      'a bucket with the AWS-managed key',
      'encrypted with a KMS key',
      (stack) => ({
        accessLogsBucket: new Bucket(stack, 'Logs', { encryption: BucketEncryption.KMS_MANAGED }) as IBucket,
      }),
    ],
  ])('can’t be written to %s', (_, problem, props) => {
    const stack = new Stack(makeApp(), 'Kyc', { env: { account: '111111111111', region: 'eu-west-2' } });
    expect(() => new LivePhotoUploader(stack, 'Uploader', props(stack))).toThrow(`accessLogsBucket is ${problem}`);
  });

  it('may be written to a bucket of the app, only for buckets of the account and under their paths', () => {
    const app = makeApp();
    const logsStack = new Stack(app, 'Logs');
    const logs = new Bucket(logsStack, 'Bucket') as IBucket;
    new LivePhotoUploader(new Stack(app, 'Kyc'), 'Uploader', { accessLogsBucket: logs });
    expect(app.synth().stacks.map(({ id }) => id)).toEqual(['Logs', 'Kyc']);
    const template = new DeployedTemplate(Template.fromStack(logsStack).toJSON(), 'Logs');
    const { arn } = template.the('AWS::S3::Bucket');
    const { PolicyDocument } = template.the('AWS::S3::BucketPolicy').properties as {
      readonly PolicyDocument: { readonly Statement: Statement[] };
    };
    const mayWrite = (path: string, sourceAccount: string): boolean =>
      isAllowed(
        {
          principal: { kind: 'service', name: 'logging.s3.amazonaws.com' },
          action: 's3:PutObject',
          resource: `${arn}/${path}`,
          context: { 'aws:SourceAccount': sourceAccount },
        },
        { accountId: account.accountId, resource: PolicyDocument.Statement },
      );
    expect(mayWrite('Kyc/Uploader/PhotoBucket/2026-11-26', account.accountId)).toBe(true);
    expect(mayWrite('Kyc/Uploader/Claims/2026-11-26', account.accountId)).toBe(true);
    expect(mayWrite('Kyc/Uploader/PhotoBucket/2026-11-26', '222222222222')).toBe(false);
    expect(mayWrite('another/2026-11-26', account.accountId)).toBe(false);
  });
});

function logsBucket(stack: Stack, attributes: Omit<BucketAttributes, 'bucketName'>): IBucket {
  return Bucket.fromBucketAttributes(stack, 'Logs', { bucketName: 'logs', ...attributes });
}

function withExistingBucket(): Stack {
  const stack = new Stack(makeApp(), 'Kyc');
  new LivePhotoUploader(stack, 'Uploader', { existingBucket: bucketIn(stack), pipelineKey: new Key(stack, 'Key') });
  return stack;
}

function bucketIn(stack: Stack): IBucket {
  return Bucket.fromBucketName(stack, 'Bucket', existingBucket.existingBucket);
}

function roleIn(stack: Stack): Role {
  return new Role(stack, 'OnCall', { assumedBy: new AccountRootPrincipal() });
}

/** The statements for services in the policy of the stack's key. The others delegate to IAM policies of the account. */
function policyOf(stack: Stack): Statement[] {
  const template = new DeployedTemplate(Template.fromStack(stack).toJSON(), stack.stackName);
  const { KeyPolicy } = template.the('AWS::KMS::Key').properties as {
    readonly KeyPolicy: { readonly Statement: Statement[] };
  };
  return KeyPolicy.Statement;
}

function may(
  policy: readonly Statement[],
  service: string,
  action: string,
  context: Readonly<Record<string, string>>,
): boolean {
  const request = { principal: { kind: 'service', name: service }, action, resource: keyArn, context } as const;
  return isAllowed(request, { accountId: account.accountId, resource: policy });
}
