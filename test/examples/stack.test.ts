import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type App, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requiredOutputs } from '../../contract/stack-outputs';
import { backEndCode } from '../../examples/selfie-app/cdk/back-end-code';
import { SelfieAppStack } from '../../examples/selfie-app/cdk/selfie-app-stack';
import { makeApp } from '../lib/stacks';

/** What the README says that a real app adds, and what the CDK's own grants contain. */
const acknowledged = {
  'AwsSolutions-APIG1': 'A real app adds access logs',
  'AwsSolutions-APIG4': 'The back end checks the session; a real app uses its own sign-in',
  'AwsSolutions-SMG4': 'A real app has no key for sessions of this example',
  'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]':
    'The CDK adds this policy to functions',
};

describe('the example’s stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stack-test-'));
  let app: App;
  let stack: SelfieAppStack;
  let template: Template;

  beforeAll(() => {
    const browserModule = join(folder, 'index.mjs');
    writeFileSync(browserModule, '// the module for browsers');
    app = makeApp();
    stack = new SelfieAppStack(app, 'SelfieApp', { code: backEndCode(browserModule) });
    template = Template.fromStack(stack);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives the back end the settings of the uploader', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          LIVE_PHOTOS_BUCKET: { Ref: Match.stringLikeRegexp('^LivePhotosPhotoBucket') },
          LIVE_PHOTOS_KEY_PREFIXES: 'selfies/',
        },
      },
    });
  });

  it('allows the back end only to grant uploads, to read outcomes and to read the key of its sessions', () => {
    const [policy] = Object.values(template.findResources('AWS::IAM::Policy')).filter((resource) =>
      JSON.stringify(resource).includes('BackEndServiceRole'),
    );
    const { Statement } = (policy as Policy).Properties.PolicyDocument;
    const allowed = Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
    expect(allowed.sort()).toEqual([
      's3:GetObjectTagging',
      's3:GetObjectVersionTagging',
      's3:ListBucket',
      's3:PutObject',
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
    ]);
  });

  it('allows uploads only from its own page', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      CorsConfiguration: { CorsRules: [Match.objectLike({ AllowedOrigins: [apiEndpoint] })] },
    });
    template.hasOutput('AppUrl', { Value: apiEndpoint });
  });

  it('can be operated with the command line', () => {
    expect(Object.keys(template.findOutputs('*'))).toEqual(expect.arrayContaining([...requiredOutputs]));
  });

  it('fulfils AWS’s rules for solutions, except for what a real app adds', () => {
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    for (const [id, reason] of Object.entries(acknowledged)) Validations.of(stack).acknowledge({ id, reason });
    const [bucket] = Object.keys(template.findResources('AWS::S3::Bucket', { Properties: { CorsConfiguration: {} } }));
    const reason = 'The back end may put and read every photo of the prefix';
    const id = `AwsSolutions-IAM5[Resource::<${bucket ?? ''}.Arn>/selfies/*]`;
    Validations.of(stack).acknowledge({ id, reason });
    expect(app.synth().getStackByName('SelfieApp').id).toBe('SelfieApp');
  });
});

const apiEndpoint = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Api'), 'ApiEndpoint'] };

interface Policy {
  readonly Properties: {
    readonly PolicyDocument: {
      readonly Statement: readonly { readonly Effect: string; readonly Action: string | string[] }[];
    };
  };
}
