import { describe, expect, it } from '@jest/globals';
import { type App, CfnOutput, CfnParameter, Duration, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { requiredOutputs, stackOutputs } from '../../contract/stack-outputs';
import { LivePhotoUploader } from '../../lib/live-photo-uploader';
import type { LivePhotoUploaderProps } from '../../lib/uploader-props';
import { ConfigurationError } from '../../lib/validate-props';
import { everyOption, existingBucket, makeApp, makeStack } from './stacks';

/** The values of a stack's outputs, by their names. */
function outputsOf(stack: Stack): Readonly<Record<string, unknown>> {
  const outputs = Object.entries(Template.fromStack(stack).findOutputs('*')) as [string, { Value: unknown }][];
  return Object.fromEntries(outputs.map(([name, { Value }]) => [name, Value]));
}

const refTo = (idStart: string) => ({ Ref: expect.stringMatching(new RegExp(`^${idStart}`)) as unknown });

describe('the outputs of LivePhotosStack', () => {
  it('name its resources and contain its settings', () => {
    expect(outputsOf(makeStack())).toEqual({
      PhotoBucketName: refTo('UploaderPhotoBucket'),
      ApiKeySecretId: refTo('UploaderApiKey'),
      UploadQueueUrl: refTo('UploaderQueuesUpload'),
      DeadLetterQueueUrl: refTo('UploaderQueuesDeadLetter'),
      FunctionName: refTo('UploaderUploadFunction'),
      DashboardUrl: { 'Fn::Join': ['', expect.arrayContaining(['/cloudwatch/home?region='])] },
      AlarmNames: { 'Fn::Join': ['', expect.arrayContaining([refTo('UploaderAlarmsDeadLetters'), ','])] },
      EvidenceRetentionDays: '1096',
      ErasedExpireDays: '1',
    });
    expect(outputsOf(makeStack(everyOption))).toMatchObject({
      AlarmTopicArn: refTo('UploaderAlarmsTopic'),
      EvidenceRetentionDays: '400',
      ErasedExpireDays: '7',
    });
  });

  it('name the rule and its dead-letter queue for an existing bucket, whose lifecycle belongs to its owner', () => {
    const outputs = outputsOf(makeStack(existingBucket));
    expect(outputs).toMatchObject({
      PhotoBucketName: 'existing-photos',
      UndeliveredEventsQueueUrl: refTo('UploaderUndeliveredEvents'),
      ObjectCreatedRuleName: refTo('UploaderObjectCreated'),
    });
    expect(outputs).not.toHaveProperty('ErasedExpireDays');
  });

  it('name all alarms, and have room for them if the names are as long as CloudFormation makes them', () => {
    const stack = makeStack();
    const { alarms } = stack.uploader;
    const [, parts] = (outputsOf(stack)['AlarmNames'] as { readonly 'Fn::Join': [string, unknown[]] })['Fn::Join'];
    expect(parts.filter((part) => typeof part === 'object')).toHaveLength(alarms.length);
    // An output has at most 4,096 bytes, a name of an alarm 255 (CloudFormation user guide, "Quotas"; CloudWatch API reference).
    expect(alarms.length * 256).toBeLessThan(4_096);
  });
});

describe('addOutputs', () => {
  const make = (stack: Stack, id: string, props?: LivePhotoUploaderProps) => new LivePhotoUploader(stack, id, props);

  it.each<[string, (app: App) => Stack]>([
    ['a stack', (app) => new Stack(app, 'Kyc')],
    ['a nested stack', (app) => new NestedStack(new Stack(app, 'Outer'), 'Kyc')],
  ])('makes an uploader in %s of an app operable', (_, makeStackIn) => {
    const stack = makeStackIn(makeApp());
    make(stack, 'Photos').addOutputs();
    expect(Object.keys(outputsOf(stack))).toEqual(expect.arrayContaining([...requiredOutputs]));
  });

  it('names only resources of the uploader, not others of the app', () => {
    const stack = new Stack(makeApp(), 'Kyc');
    new Rule(stack, 'Nightly', { schedule: Schedule.rate(Duration.days(1)) });
    make(stack, 'Other');
    make(stack, 'Photos', { existingBucket: Bucket.fromBucketName(stack, 'Bucket', 'photos') }).addOutputs();
    const text = JSON.stringify(outputsOf(stack));
    const ids = [...text.matchAll(/"Ref":"(?!AWS::)(\w+)"/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThan(10);
    expect(ids.filter((id) => id?.startsWith('Photos') !== true)).toEqual([]);
  });

  it('is called once for each uploader', () => {
    const { uploader } = makeStack();
    expect(() => uploader.addOutputs()).toThrow(ConfigurationError);
  });

  it('writes days that are known only at deployment', () => {
    const stack = new Stack(makeApp(), 'Kyc');
    const days = Duration.days(new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber);
    make(stack, 'Photos', { erasedExpiration: days, evidenceRetention: days }).addOutputs();
    expect(outputsOf(stack)).toMatchObject({
      ErasedExpireDays: { Ref: 'Days' },
      EvidenceRetentionDays: { Ref: 'Days' },
    });
  });

  it.each<[string, (stack: Stack) => unknown]>([
    ['of another uploader', (stack) => make(stack, 'Passports').addOutputs()],
    ['of the app', (stack) => new CfnOutput(stack, 'PhotoBucketName', { value: 'mine' })],
  ])('refuses a stack that already has an output with the name, %s, and says what to do', (_, addFirst) => {
    const stack = new Stack(makeApp(), 'Kyc');
    addFirst(stack);
    const second = make(stack, 'Selfies');
    expect(() => second.addOutputs()).toThrow(ConfigurationError);
    expect(() => second.addOutputs()).toThrow(
      'addOutputs of Kyc/Selfies: the stack already has PhotoBucketName. Call addOutputs once for each stack, because the command line operates one uploader of each: create other uploaders in separate stacks',
    );
  });
});

it('each output has a description in the template', () => {
  const outputs = Template.fromStack(makeStack(everyOption)).findOutputs('*') as Record<
    string,
    { Description: string }
  >;
  for (const [name, { Description }] of Object.entries(outputs))
    expect([name, Description]).toEqual([name, stackOutputs[name as 'FunctionName']]);
});
