import { describe, expect, it } from '@jest/globals';
import { type App, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { LivePhotoUploader } from '../../../lib/live-photo-uploader';
import type { LivePhotoUploaderProps } from '../../../lib/uploader-props';
import { ConfigurationError } from '../../../lib/validate-props';
import { documentedPolicy, fillNames } from '../../docs/documented-policies';
import { account, DeployedTemplate } from '../deployed-template';
import { resourcePolicy, rolePolicies, roleWithAll } from '../policies';
import { isAllowed, type Principal, type Statement } from '../policy-evaluator';
import { makeApp } from '../stacks';

const first = 'Passports';
const second = 'Selfies';
/** Half of what ComplyCube allows for one account. */
const requestsPerSecond = 5;

/** A stack with two uploaders. The props of the second may use the first. */
function deployTwo(
  propsOfFirst: (stack: Stack) => LivePhotoUploaderProps,
  propsOfSecond: (stack: Stack, uploader: LivePhotoUploader) => LivePhotoUploaderProps,
): DeployedTemplate {
  const stack = new Stack(makeApp(), 'Kyc');
  const uploader = new LivePhotoUploader(stack, first, { requestsPerSecond, ...propsOfFirst(stack) });
  new LivePhotoUploader(stack, second, { requestsPerSecond, ...propsOfSecond(stack, uploader) });
  return new DeployedTemplate(Template.fromStack(stack).toJSON(), stack.stackName);
}

interface Target {
  readonly resource: string;
  readonly policy?: readonly Statement[];
}

const withTags = {
  'aws:SecureTransport': 'true',
  's3:TlsVersion': '1.3',
  's3:RequestObjectTagKeys': ['complycube-status'],
};

/** Whether the functions of the first and the second uploader, and an administrator, may do something. */
function whoMay(template: DeployedTemplate, action: string, { resource, policy }: Target): boolean[] {
  const may = (principal: Principal, identity: readonly Statement[]): boolean =>
    isAllowed(
      { principal, action, resource, context: withTags },
      { accountId: account.accountId, identity, ...(policy && { resource: policy }) },
    );
  const functions = [first, second].map((name) => {
    const { arn } = template.the('AWS::IAM::Role', name);
    return may({ kind: 'role', arn }, rolePolicies(template, name));
  });
  const administrator = roleWithAll(action.split(':')[0] ?? '');
  return [...functions, may(administrator.principal, administrator.identity)];
}

describe('the secret that an uploader creates', () => {
  const secretOf = (template: DeployedTemplate) => {
    const secret = template.the('AWS::SecretsManager::Secret');
    return { resource: secret.arn, policy: resourcePolicy(template, secret) };
  };
  const arnOf = (template: DeployedTemplate) => template.the('AWS::KMS::Key').arn;

  it.each<[string, (stack: Stack, uploader: LivePhotoUploader) => LivePhotoUploaderProps]>([
    ['as a construct', (_, { apiKeySecret }) => ({ apiKeySecret })],
    [
      'by its ARN',
      (stack, { apiKeySecret }) => ({
        apiKeySecret: Secret.fromSecretCompleteArn(stack, 'Again', apiKeySecret.secretArn),
      }),
    ],
  ])('is read by both functions and nobody else, if another uploader gets it %s', (_, propsOfSecond) => {
    const template = deployTwo(() => ({}), propsOfSecond);
    expect(whoMay(template, 'secretsmanager:GetSecretValue', secretOf(template))).toEqual([true, true, false]);
  });

  it('is not read by the function of an uploader that creates another one', () => {
    const stack = new Stack(makeApp(), 'Kyc');
    for (const name of [first, second]) new LivePhotoUploader(stack, name);
    const template = new DeployedTemplate(Template.fromStack(stack).toJSON(), stack.stackName);
    const secret = template.the('AWS::SecretsManager::Secret', first);
    const target = { resource: secret.arn, policy: resourcePolicy(template, secret) };
    expect(whoMay(template, 'secretsmanager:GetSecretValue', target)).toEqual([true, false, false]);
  });

  it('carries its key, so that both functions decrypt it', () => {
    const template = deployTwo(
      (stack) => ({ pipelineKey: new Key(stack, 'Key') }),
      (_, { apiKeySecret }) => ({ apiKeySecret }),
    );
    expect(whoMay(template, 'kms:Decrypt', { resource: arnOf(template) }).slice(0, 2)).toEqual([true, true]);
    // The second function encrypts nothing with the key of the first.
    expect(whoMay(template, 'kms:GenerateDataKey', { resource: arnOf(template) }).slice(0, 2)).toEqual([true, false]);
  });

  it.each<[string, (app: App, stack: Stack) => Construct]>([
    ['another stack', (app) => new Stack(app, 'Other')],
    ['a nested stack', (_, stack) => new NestedStack(stack, 'Nested')],
  ])('is refused for an uploader in %s', (_, makeScope) => {
    const app = makeApp();
    const stack = new Stack(app, 'Kyc');
    const { apiKeySecret } = new LivePhotoUploader(stack, first);
    const scope = makeScope(app, stack);
    const make = (id: string) => () => new LivePhotoUploader(scope, id, { apiKeySecret });
    expect(make('One')).toThrow(ConfigurationError);
    expect(make('Two')).toThrow('apiKeySecret is created by Kyc/Passports in another stack');
  });
});

describe('an existing bucket and secret with the documented policies', () => {
  const bucketName = 'existing-photos';
  const apiKeySecret = `arn:aws:secretsmanager:${account.region}:${account.accountId}:secret:key-AbCdEf`;
  const propsFor = (stack: Stack, keyPrefix: string): LivePhotoUploaderProps => ({
    keyPrefix,
    existingBucket: Bucket.fromBucketName(stack, `Bucket-${keyPrefix}`, bucketName),
    apiKeySecret: Secret.fromSecretCompleteArn(stack, `Secret-${keyPrefix}`, apiKeySecret),
  });
  const template = deployTwo(
    (stack) => propsFor(stack, 'passports/'),
    (stack) => propsFor(stack, 'selfies/'),
  );
  const roles = [first, second].map((name) => template.the('AWS::IAM::Role', name).arn);
  /** A documented policy that lists these roles. */
  const policyFor = (heading: string, ...functionRoles: readonly string[]): readonly Statement[] =>
    fillNames(documentedPolicy(heading).Statement, {
      FUNCTION_ROLE_ARN: functionRoles.join('","'),
      BUCKET: bucketName,
    });

  it.each([
    ['passports/', [true, false, false]],
    ['selfies/', [false, true, false]],
  ])('let each function write outcomes only under its key prefix: %s', (prefix, expected) => {
    const policy = policyFor('Policy of an existing bucket', ...roles);
    const resource = `arn:aws:s3:::${bucketName}/${prefix}a.jpg`;
    expect(whoMay(template, 's3:PutObjectVersionTagging', { resource, policy })).toEqual(expected);
  });

  it('let both functions read the secret, and nobody else', () => {
    const policy = policyFor('Policy of an existing secret', ...roles);
    expect(whoMay(template, 'secretsmanager:GetSecretValue', { resource: apiKeySecret, policy })).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('deny both functions, if each has statements of its own', () => {
    const policy = roles.flatMap((role) => policyFor('Policy of an existing secret', role));
    expect(whoMay(template, 'secretsmanager:GetSecretValue', { resource: apiKeySecret, policy })).toEqual([
      false,
      false,
      false,
    ]);
  });
});
