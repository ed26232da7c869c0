import { describe, expect, it } from '@jest/globals';
import { type CfnResource, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import type { CfnEventSourceMapping, CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Alias } from 'aws-cdk-lib/aws-kms';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { LivePhotoUploader } from '../../lib/live-photo-uploader';
import { makeApp, makeStack } from './stacks';

/** The L1 resources of an uploader, to change them after they were created. */
function resourcesOf(uploader: LivePhotoUploader) {
  const mapping = uploader.node.findChild('Upload').node.findChild('UploadQueue');
  return {
    queue: uploader.queue.node.defaultChild as CfnQueue,
    deadLetterQueue: uploader.deadLetterQueue.node.defaultChild as CfnQueue,
    fn: uploader.function.node.defaultChild as CfnFunction,
    mapping: mapping.node.defaultChild as CfnEventSourceMapping,
  };
}

function synthesizeChanged(change: (resources: ReturnType<typeof resourcesOf>, scope: Construct) => void): () => void {
  const stack = makeStack();
  change(resourcesOf(stack.uploader), stack);
  return () => Stage.of(stack)?.synth();
}

const visibility = /visibility timeout is \d+ s: it must be at least 6 times the function's timeout, which is \d+ s/;
const visibilityAndDeadline = /visibility timeout is \d+ s: it must be at least a photo's deadline, which is \d+ ms/;
const tooShort = /The dead-letter queue could receive photos after [\d.]+ hours of retries: it must be at least 96/;
const tooLong = /Retries could take [\d.]+ hours .* they must end a day before the upload queue deletes the message/;
const timeout = /function's timeout is \d+ s: it must be at least 10000 ms longer than a photo's deadline/;
const deadline = /photo's deadline is \d+ ms: it must be at least twice the timeout of a call to ComplyCube/;
const retention = /dead-letter queue keeps messages for \d+ s: it must keep them longer than the upload queue/;
const pace = /execution environments that each start \d+ calls a second break the limit of 10 requests a second/;
const shortSkew = /CLOCK_SKEW_MS is \w+: it must be at least 60000. Otherwise photos are uploaded twice/;
const shortDelay = /COMPLYCUBE_LISTING_DELAY_MS is 0: it must be at least 15000. Otherwise photos are uploaded twice/;
const shortLook = /ERASURE_SECOND_LOOK_AFTER_MS is 599999: it must be at least 600000. Otherwise the live photo/;
const key = /encrypted with the AWS-managed key, which S3 and EventBridge can't use/;

describe('synth', () => {
  it('succeeds without changes', () => {
    expect(Stage.of(makeStack())?.synth().stacks).toHaveLength(1);
  });

  it.each<[string, RegExp, Parameters<typeof synthesizeChanged>[0]]>([
    ['a visibility timeout that is too short', visibility, ({ queue }) => (queue.visibilityTimeout = 449)],
    ['SQS’s default visibility timeout', visibility, ({ queue }) => (queue.visibilityTimeout = undefined)],
    ['a function timeout that is too long for the visibility timeout', visibility, ({ fn }) => (fn.timeout = 481)],
    ['a function timeout that is too short for a photo', timeout, ({ fn }) => (fn.timeout = 69)],
    ['Lambda’s default timeout', timeout, ({ fn }) => (fn.timeout = undefined)],
    [
      'a visibility timeout that is shorter than a photo’s deadline',
      visibilityAndDeadline,
      ({ queue }) => (queue.visibilityTimeout = 59),
    ],
    [
      'a visibility timeout that is too short for four days of retries of a function that can’t start',
      tooShort,
      ({ queue }) => (queue.visibilityTimeout = 2_600),
    ],
    [
      'a visibility timeout that is too long for the retention',
      tooLong,
      ({ queue }) => (queue.visibilityTimeout = 4_000),
    ],
    ['a retention that is too short for the retries', tooLong, ({ queue }) => (queue.messageRetentionPeriod = 561_000)],
    ['SQS’s default retention', tooLong, ({ queue }) => (queue.messageRetentionPeriod = undefined)],
    ['no redrive policy', tooShort, ({ queue }) => (queue.redrivePolicy = undefined)],
    [
      'a retention as long as that of the dead-letter queue',
      retention,
      ({ queue }) => (queue.messageRetentionPeriod = 1_209_600),
    ],
    [
      'SQS’s default retention of the dead-letter queue',
      retention,
      ({ deadLetterQueue }) => (deadLetterQueue.messageRetentionPeriod = undefined),
    ],
    [
      'more environments than the calls were divided by',
      pace,
      ({ mapping }) => (mapping.scalingConfig = { maximumConcurrency: 3 }),
    ],
    ['environments without a limit', pace, ({ mapping }) => (mapping.scalingConfig = undefined)],
    ['the AWS-managed key', key, ({ queue }) => (queue.kmsMasterKeyId = 'alias/aws/sqs')],
    [
      'the AWS-managed key by its ARN',
      key,
      ({ queue }, scope) => (queue.kmsMasterKeyId = Alias.fromAliasName(scope, 'Key', 'alias/aws/sqs').keyArn),
    ],
  ])('fails for %s', (_, message, change) => {
    expect(synthesizeChanged(change)).toThrow(message);
  });

  it.each<[string, RegExp, (resources: ReturnType<typeof resourcesOf>) => [CfnResource, string, unknown]]>([
    ['visibility timeout', visibility, ({ queue }) => [queue, 'VisibilityTimeout', 1_799]],
    ['function’s timeout', visibility, ({ fn }) => [fn, 'Timeout', 481]],
    ['receive count', tooShort, ({ queue }) => [queue, 'RedrivePolicy.maxReceiveCount', 124]],
    ['greater receive count', tooLong, ({ queue }) => [queue, 'RedrivePolicy.maxReceiveCount', 142]],
    ['retention', retention, ({ deadLetterQueue }) => [deadLetterQueue, 'MessageRetentionPeriod', 604_800]],
    ['concurrency', pace, ({ mapping }) => [mapping, 'ScalingConfig.MaximumConcurrency', 3]],
    ['share of the calls', pace, ({ fn }) => [fn, 'Environment.Variables.COMPLYCUBE_REQUESTS_PER_SECOND', '6']],
    ['key', key, ({ queue }) => [queue, 'KmsMasterKeyId', 'alias/aws/sqs']],
    ['photo’s deadline', timeout, ({ fn }) => [fn, 'Environment.Variables.PHOTO_DEADLINE_MS', '290001']],
    ['shorter photo’s deadline', deadline, ({ fn }) => [fn, 'Environment.Variables.PHOTO_DEADLINE_MS', '49999']],
    ['clock skew', shortSkew, ({ fn }) => [fn, 'Environment.Variables.CLOCK_SKEW_MS', '59999']],
    ['missing clock skew', shortSkew, ({ fn }) => [fn, 'Environment.Variables.CLOCK_SKEW_MS', undefined]],
    ['listing delay', shortDelay, ({ fn }) => [fn, 'Environment.Variables.COMPLYCUBE_LISTING_DELAY_MS', '0']],
    ['second look', shortLook, ({ fn }) => [fn, 'Environment.Variables.ERASURE_SECOND_LOOK_AFTER_MS', '599999']],
    ['call’s timeout', deadline, ({ fn }) => [fn, 'Environment.Variables.COMPLYCUBE_CALL_TIMEOUT_MS', '30001']],
  ])('fails for an override of the %s', (_, message, override) => {
    const change = (resources: ReturnType<typeof resourcesOf>): void => {
      const [resource, property, value] = override(resources);
      resource.addPropertyOverride(property, value);
    };
    expect(synthesizeChanged(change)).toThrow(message);
  });

  it('succeeds for consistent changes', () => {
    const change = ({ queue, fn, mapping }: ReturnType<typeof resourcesOf>): void => {
      fn.timeout = 480;
      queue.addPropertyOverride('RedrivePolicy.maxReceiveCount', 141);
      queue.visibilityTimeout = 2_880;
      queue.messageRetentionPeriod = 1_209_599;
      queue.kmsMasterKeyId = 'alias/photos';
      mapping.scalingConfig = { maximumConcurrency: 2 };
      fn.addPropertyOverride('Environment.Variables.CLOCK_SKEW_MS', '120000');
    };
    expect(synthesizeChanged(change)).not.toThrow();
  });

  it.each<[string, (app: Construct) => Stack]>([
    ['a stage', (app) => new Stack(new Stage(app, 'Production'), 'Photos')],
    ['a nested stack', (app) => new NestedStack(new Stack(app, 'Outer'), 'Photos')],
  ])('checks an uploader in %s', (_, makeScope) => {
    const app = makeApp();
    const uploader = new LivePhotoUploader(makeScope(app), 'Uploader');
    resourcesOf(uploader).queue.addPropertyOverride('VisibilityTimeout', 1);
    expect(() => app.synth()).toThrow(visibility);
  });

  it('names only the wrong one of several uploaders', () => {
    const app = makeApp();
    const stack = new Stack(app, 'Photos');
    new LivePhotoUploader(stack, 'Right');
    resourcesOf(new LivePhotoUploader(stack, 'Wrong')).queue.visibilityTimeout = 1;
    expect(() => app.synth()).toThrow(/Photos\/Wrong\/Queues\/Upload/);
    expect(() => app.synth()).not.toThrow(/Photos\/Right/);
  });
});
