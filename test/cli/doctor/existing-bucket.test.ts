import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeRuleCommand, EventBridgeClient, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetBucketNotificationConfigurationCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import type { Finding } from '../../../cli/doctor/finding';
import { runCommand } from '../terminal-under-test';

const place = { account: '111111111111', region: 'eu-west-2' };
const ruleArn = `arn:aws:events:${place.region}:${place.account}:rule/objects`;
const queueArn = (name: string): string => `arn:aws:sqs:${place.region}:${place.account}:${name}`;
const denied = Object.assign(new Error('no permission'), { name: 'AccessDenied' });

const [cloudFormation, s3, sqs, eventBridge, cloudWatch] = [
  mockClient(CloudFormationClient),
  mockClient(S3Client),
  mockClient(SQSClient),
  mockClient(EventBridgeClient),
  mockClient(CloudWatchClient),
];
const others = [mockClient(LambdaClient), mockClient(SecretsManagerClient), mockClient(IAMClient)];

beforeEach(() => {
  // What a test does not plan is unknown.
  for (const mock of [cloudFormation, s3, sqs, eventBridge, cloudWatch, ...others]) mock.reset().rejects(denied);
  const outputs = {
    ...{
      PhotoBucketName: 'photos',
      ApiKeySecretId: 'secret',
      FunctionName: 'upload',
      UploadQueueUrl: 'https://uploads',
    },
    ...{ DeadLetterQueueUrl: 'https://dead-letters', UndeliveredEventsQueueUrl: 'https://undelivered' },
    ...{ ObjectCreatedRuleName: 'objects', AlarmNames: 'dead-letters-alarm' },
  };
  cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [
      {
        ...{ StackName: 'Kyc', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE' },
        StackId: `arn:aws:cloudformation:${place.region}:${place.account}:stack/Kyc/id`,
        Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
      },
    ],
  });
});

/** What `doctor` finds, by check. */
async function findings(): Promise<Record<string, Finding>> {
  const { out } = await runCommand(['doctor', '--stack', 'Kyc', '--json']);
  const all = JSON.parse(out.join('\n')) as Finding[];
  return Object.fromEntries(all.map((finding) => [finding.check, finding]));
}

describe('doctor on a stack with an existing bucket', () => {
  it('reports nothing as right without any permission', async () => {
    const verdicts = Object.entries(await findings()).map(([check, { verdict }]) => [check, verdict]);
    expect(Object.fromEntries(verdicts.filter(([, verdict]) => verdict !== 'unchecked'))).toEqual({ stack: 'right' });
  });

  it.each([
    ['right', place.region, undefined],
    ['wrong', 'us-east-1', undefined],
    ['wrong', place.region, denied],
  ])(
    'finds the location %s for a bucket in %s whose owner check ends with %s',
    async (verdict, BucketRegion, error) => {
      s3.on(HeadBucketCommand).resolves({ BucketRegion });
      if (error !== undefined) s3.on(HeadBucketCommand, { ExpectedBucketOwner: place.account }).rejects(error);
      expect((await findings())['bucket location']).toMatchObject({ verdict });
      const [, second] = s3.commandCalls(HeadBucketCommand);
      expect(second?.args[0].input).toEqual({ Bucket: 'photos', ExpectedBucketOwner: place.account });
    },
  );

  it('finds EventBridge off and versioning off', async () => {
    s3.on(GetBucketVersioningCommand).resolves({ Status: 'Suspended' });
    s3.on(GetBucketNotificationConfigurationCommand).resolves({});
    eventBridge.on(DescribeRuleCommand).resolves({ Arn: ruleArn, State: 'ENABLED' });
    eventBridge.on(ListTargetsByRuleCommand).resolves({ Targets: [{ Id: '1', Arn: queueArn('uploads') }] });
    sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { QueueArn: queueArn('uploads') } });
    const found = await findings();
    expect(found['bucket']?.verdict).toBe('warning');
    expect(found['notification']).toMatchObject({
      verdict: 'wrong',
      said: expect.stringContaining('EventBridge') as unknown,
    });
    expect(found['rule dead letters']).toMatchObject({ verdict: 'wrong' });
  });

  it('checks the queue of undelivered events, its policy and its alarm', async () => {
    const Policy = JSON.stringify({
      Statement: {
        ...{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage' },
        Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
      },
    });
    const attributesOf = (name: string, messages: string) => ({
      Attributes: { QueueArn: queueArn(name), ApproximateNumberOfMessages: messages, Policy },
    });
    sqs.on(GetQueueAttributesCommand, { QueueUrl: 'https://dead-letters' }).resolves(attributesOf('dead', '0'));
    sqs.on(GetQueueAttributesCommand, { QueueUrl: 'https://undelivered' }).resolves(attributesOf('undelivered', '2'));
    s3.on(GetBucketNotificationConfigurationCommand).resolves({ EventBridgeConfiguration: {} });
    eventBridge.on(DescribeRuleCommand).resolves({ Arn: ruleArn, State: 'ENABLED' });
    eventBridge.on(ListTargetsByRuleCommand).resolves({
      Targets: [{ Id: '1', Arn: queueArn('uploads'), DeadLetterConfig: { Arn: queueArn('undelivered') } }],
    });
    const metricOf = (Value: string) => ({
      Id: Value,
      MetricStat: {
        ...{ Period: 300, Stat: 'Maximum' },
        Metric: { MetricName: 'ApproximateNumberOfMessagesVisible', Dimensions: [{ Name: 'QueueName', Value }] },
      },
    });
    const alarmOf = (...queues: string[]) => ({
      MetricAlarms: [{ AlarmName: 'dead-letters-alarm', Metrics: queues.map(metricOf) }],
    });
    cloudWatch.on(DescribeAlarmsCommand).resolves(alarmOf('dead', 'undelivered'));
    await expect(findings()).resolves.toMatchObject({
      'rule dead letters': { verdict: 'right' },
      'undelivered events': {
        verdict: 'wrong',
        mend: expect.stringContaining('redrive undelivered-events') as unknown,
      },
      alarms: { verdict: 'right' },
    });
    cloudWatch.on(DescribeAlarmsCommand).resolves(alarmOf('dead'));
    await expect(findings()).resolves.toMatchObject({ alarms: { verdict: 'wrong' } });
    const [call] = cloudWatch.commandCalls(DescribeAlarmsCommand);
    expect(call?.args[0].input).toEqual({ AlarmNames: ['dead-letters-alarm'] });
  });
});
