import { App, type AppProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { bundleFunction } from '../../build/bundle-function';
import cdkConfiguration from '../../cdk.json';
import { LivePhotosStack } from '../../lib/live-photos-stack';
import type { LivePhotosStackProps } from '../../lib/uploader-props';
import { account, DeployedTemplate } from './deployed-template';

bundleFunction();

/** Settings with every option that is allowed for a new bucket. */
export const everyOption = {
  tags: { team: 'kyc' },
  bucketName: 'kyc-photos',
  encryptionKeyArn: `arn:aws:kms:${account.region}:${account.accountId}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
  keyPrefix: 'photos/',
  clientIdMetadata: 'user-id',
  forbidOverwrites: true,
  uploadOrigins: ['https://app.example.com', 'http://localhost:5173'],
  uploadedExpireDays: 30,
  rejectedExpireDays: 90,
  erasedExpireDays: 7,
  trustedTaggerRoleArns: [`arn:aws:iam::${account.accountId}:role/guard-duty`],
  apiKeySecret: 'complycube/api-key',
  apiKeySecretKeyArn: `arn:aws:kms:${account.region}:${account.accountId}:key/abcd1234-12ab-34cd-56ef-1234567890ab`,
  pipelineKeyArn: `arn:aws:kms:${account.region}:${account.accountId}:key/5678abcd-12ab-34cd-56ef-1234567890ab`,
  accessLogsBucket: 'access-logs',
  complyCubeBaseUrl: 'https://complycube.example/v1',
  requestsPerSecond: 20,
  maxConcurrency: 5,
  performLivenessCheck: false,
  logRetention: RetentionDays.ONE_YEAR,
  operatorRoleArns: [
    `arn:aws:iam::${account.accountId}:role/on-call`,
    `arn:aws:iam::${account.accountId}:role/team/lead`,
  ],
  evidenceRetentionDays: 400,
  eventBus: 'kyc',
  alarmEmail: 'on-call@example.com',
  runbookUrl: 'https://runbooks.example/live-photos',
} satisfies LivePhotosStackProps;

/** Settings for an existing bucket. */
export const existingBucket = {
  existingBucket: 'existing-photos',
  keyPrefix: 'photos/',
} satisfies LivePhotosStackProps;

/** An app like that of the `cdk` command, but without CloudFormation's built-in validation, which `cdk synth` runs. */
export function makeApp(props?: AppProps): App {
  return new App({ context: cdkConfiguration.context, builtinCloudFormationValidation: false, ...props });
}

/** A stack in a new app. */
export function makeStack(props: LivePhotosStackProps = {}): LivePhotosStack {
  return new LivePhotosStack(makeApp(), 'LivePhotos', props);
}

/** A stack's template, for CDK's assertions. */
export function synthesize(props?: LivePhotosStackProps): Template {
  return Template.fromStack(makeStack(props));
}

/** A stack's template with resolved references. */
export function deploy(props?: LivePhotosStackProps): DeployedTemplate {
  const stack = makeStack(props);
  return new DeployedTemplate(Template.fromStack(stack).toJSON(), stack.stackName);
}
