import { App, type AppProps, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { join } from 'node:path';
import { LivePhotoUploader } from '../lib/live-photo-uploader';
import type { LivePhotoUploaderProps } from '../lib/uploader-props';
import { synthesize } from '../local/pipeline/synthesize';

/*
 * Synthesizes the stack's template with different settings, for cfn-lint:
 * node --import tsx e2e/synthesize-variants.ts FOLDER
 */

const key = (id: string): string => `arn:aws:kms:us-east-1:111122223333:key/${id}0000000-0000-0000-0000-000000000000`;
const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;

const common = {
  tags: 'team=kyc,stage=test',
  keyPrefix: 'photos/',
  encryptionKeyArn: key('1'),
  pipelineKeyArn: key('2'),
  accessLogsBucket: 'access-logs',
  requestsPerSecond: '20',
  maxConcurrency: '5',
  performLivenessCheck: 'false',
  operatorRoleArns: `${role('on-call')},${role('team/lead')}`,
  eventBus: 'kyc',
  alarmEmail: 'on-call@example.com',
  runbookUrl: 'https://runbooks.example/live-photos',
  logRetention: '365',
};
const ofOwnBucket = {
  bucketName: 'kyc-photos',
  forbidOverwrites: 'true',
  uploadOrigins: 'https://app.example.com',
  uploadedExpireDays: '30',
  rejectedExpireDays: '90',
  trustedTaggerRoleArns: role('guard-duty'),
};
const existingSecret = { apiKeySecret: 'complycube/api-key', apiKeySecretKeyArn: key('3') };

const settings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  default: {},
  'existing-bucket': { existingBucket: 'existing-photos' },
  'all-settings': { ...common, ...ofOwnBucket, ...existingSecret },
  'all-settings-own-secret': { ...common, ...ofOwnBucket },
  'all-settings-existing-bucket': { ...common, ...existingSecret, existingBucket: 'existing-photos' },
};

/** Constructs of the app instead of settings. */
const constructs: Readonly<Record<string, (stack: Stack) => LivePhotoUploaderProps>> = {
  'own-constructs': (stack) => ({ ...keysAndLogs(stack), alarmEmail: 'on-call@example.com' }),
  'own-constructs-existing-bucket': (stack) => ({
    ...keysAndLogs(stack),
    existingBucket: new Bucket(stack, 'Photos', { versioned: true, eventBridgeEnabled: true }) as IBucket,
  }),
};

function keysAndLogs(stack: Stack): LivePhotoUploaderProps {
  return {
    pipelineKey: new Key(stack, 'Key'),
    accessLogsBucket: new Bucket(stack, 'AccessLogs') as IBucket,
    operators: [new Role(stack, 'OnCall', { assumedBy: new AccountRootPrincipal() })],
  };
}

function appWith(props: (stack: Stack) => LivePhotoUploaderProps) {
  return (appProps: AppProps): App => {
    const app = new App(appProps);
    const stack = new Stack(app, 'LivePhotos');
    const uploader = new LivePhotoUploader(stack, 'Uploader', props(stack));
    const backEnd = new Role(stack, 'BackEnd', { assumedBy: new AccountRootPrincipal() });
    uploader.grantUpload(backEnd);
    uploader.grantReadOutcomes(backEnd);
    return app;
  };
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name a folder');
for (const [name, values] of Object.entries(settings)) synthesize(join(folder, name), values);
for (const [name, props] of Object.entries(constructs)) synthesize(join(folder, name), {}, appWith(props));
