import { describe, expect, it } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { bundleFunction } from '../../bin/bundle-function';
import cdkConfiguration from '../../cdk.json';
import { environmentNames } from '../../lambda/environment';
import { LivePhotosStack, type LivePhotosStackProps } from '../../lib/live-photos-stack';

const { context } = cdkConfiguration;
bundleFunction();

function synthesize(props: LivePhotosStackProps = {}): Template {
  return Template.fromStack(new LivePhotosStack(new App({ context }), 'LivePhotos', props));
}
const template = synthesize();

describe('the stack', () => {
  it('has just these resources', () => {
    const { Resources } = template.toJSON() as { Resources: Record<string, { Type: string }> };
    expect(
      Object.values(Resources)
        .map(({ Type }) => Type)
        .sort(),
    ).toEqual([
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::Lambda::EventSourceMapping',
      'AWS::Lambda::Function',
      'AWS::Logs::LogGroup',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
      'AWS::SQS::Queue',
      'AWS::SQS::Queue',
      'AWS::SQS::QueuePolicy',
      'AWS::SQS::QueuePolicy',
      'AWS::SecretsManager::ResourcePolicy',
      'AWS::SecretsManager::Secret',
    ]);
  });

  it('allows the function just the calls that it makes', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.absent(),
      Policies: [{ PolicyDocument: Match.objectLike({}) }],
    });
    expect(allowedActions(template, 'AWS::IAM::Role')).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetObject',
      's3:GetObjectTagging',
      's3:GetObjectVersion',
      's3:GetObjectVersionTagging',
      's3:ListBucket',
      's3:PutObjectTagging',
      's3:PutObjectVersionTagging',
      'secretsmanager:GetSecretValue',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
    ]);
    expect(allowedActions(template, 'AWS::IAM::Policy')).toEqual(['xray:PutTelemetryRecords', 'xray:PutTraceSegments']);
  });

  it('sends the bucket’s created objects to the queue, by the bucket’s own property', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: { QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Filter: Match.absent() }] },
    });
  });

  it('announces just the keys with the prefix, where one is given', () => {
    synthesize({ keyPrefix: 'photos/' }).hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: {
        QueueConfigurations: [{ Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'photos/' }] } } }],
      },
    });
  });

  it('lets just buckets of this account whose name is the stack’s send to the queue, and has that policy stand first', () => {
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'sqs:SendMessage',
            Effect: 'Allow',
            Principal: { Service: 's3.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: {
                'aws:SourceArn': {
                  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::livephotos*-uploaderphotobucket3*']],
                },
              },
            },
          }),
        ]),
      },
    });
    const [bucket] = Object.values(template.findResources('AWS::S3::Bucket')) as { DependsOn?: string[] }[];
    expect(bucket?.DependsOn).toEqual([expect.stringMatching(/UploadPolicy/)]);
  });

  it('keeps the photos private, versioned, and when the stack is removed', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketName: Match.absent(),
        VersioningConfiguration: { Status: 'Enabled' },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    });
  });

  it('gives messages six times the function’s timeout, and dead letters longer than the queue', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 60 });
    template.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 360,
      MessageRetentionPeriod: 7 * 86_400,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { maxReceiveCount: 130 },
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      MessageRetentionPeriod: 14 * 86_400,
      RedrivePolicy: Match.absent(),
    });
  });

  it('runs the function on arm64 and Node 24, with JSON logs and tracing', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Architectures: ['arm64'],
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      LoggingConfig: { LogFormat: 'JSON' },
      TracingConfig: { Mode: 'Active' },
    });
  });

  it('sets every environment variable that the function reads, and shares the pace among its environments', () => {
    const pace = { requestsPerSecond: 10, maxConcurrency: 5 };
    const [fn] = Object.values(synthesize(pace).findResources('AWS::Lambda::Function')) as {
      Properties: { Environment: { Variables: Record<string, unknown> } };
    }[];
    const variables = fn?.Properties.Environment.Variables ?? {};
    expect(Object.keys(variables).sort()).toEqual(Object.values(environmentNames).sort());
    expect(variables[environmentNames.requestsPerSecond]).toBe('2');
  });

  it('feeds the function in batches that may fail in part, from no more environments than asked for', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });

  it('puts no key into the template, not even a made-up one', () => {
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      SecretString: Match.absent(),
      GenerateSecretString: Match.absent(),
    });
  });
});

interface PolicyResource {
  readonly Properties: {
    readonly PolicyDocument?: PolicyDocument;
    readonly Policies?: readonly { readonly PolicyDocument: PolicyDocument }[];
  };
}
interface PolicyDocument {
  readonly Statement: readonly { readonly Effect: string; readonly Action: string | readonly string[] }[];
}

function allowedActions(from: Template, type: string): string[] {
  const resources = Object.values(from.findResources(type)) as PolicyResource[];
  return resources
    .flatMap(({ Properties: { PolicyDocument: own, Policies = [] } }) => [
      ...(own === undefined ? [] : [own]),
      ...Policies.map(({ PolicyDocument: document }) => document),
    ])
    .flatMap(({ Statement }) => Statement)
    .flatMap(({ Effect, Action }) => (Effect === 'Allow' ? Action : []))
    .sort();
}
