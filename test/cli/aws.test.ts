import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeRuleCommand, EventBridgeClient, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ResourceInUseException,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { GetBucketNotificationConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { CommandError } from '../../cli/command-error';
import { explainError } from '../../cli/explain-error';
import { findInCloudWatch } from '../../cli/redrive/function-errors';
import { keyPrefixesOf, readNotification } from '../../cli/photos/notification';
import { findStack } from '../../cli/stack/stack';
import type { StackAccess } from '../../cli/stack/stack-access';
import { type RequiredOutput, requiredOutputs } from '../../contract/stack-outputs';
import { runCommand } from './terminal-under-test';

const cloudFormation = mockClient(CloudFormationClient);
const logs = mockClient(CloudWatchLogsClient);
const lambda = mockClient(LambdaClient);
const s3 = mockClient(S3Client);
const eventBridge = mockClient(EventBridgeClient);
const region = 'eu-west-2';
const outputs: Readonly<Record<RequiredOutput, string>> = {
  PhotoBucketName: 'photos',
  ApiKeySecretId: 'secret',
  UploadQueueUrl: 'https://queue',
  DeadLetterQueueUrl: 'https://dead-letters',
  FunctionName: 'upload',
};
const stackIs = (of: Record<string, string>) =>
  cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [
      {
        ...{
          StackName: 'Kyc',
          StackId: `arn:aws:cloudformation:${region}:111111111111:stack/Kyc/id`,
          CreationTime: new Date(0),
          StackStatus: 'CREATE_COMPLETE',
        },
        Outputs: Object.entries(of).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
      },
    ],
  });
const find = () => findStack('Kyc', new CloudFormationClient({ region }));

beforeEach(() => {
  for (const mock of [cloudFormation, lambda, logs, s3, eventBridge]) {
    mock.reset();
    mock.rejects(new Error('unplanned call'));
  }
});

describe('a deployed stack', () => {
  it('is found by its name, with the resources that its outputs name, its account and its region', async () => {
    stackIs({
      ...{ ...outputs, AlarmNames: 'DeadLetters,OldEvents', AlarmTopicArn: 'topic' },
      ...{ UndeliveredEventsQueueUrl: 'https://undelivered', ObjectCreatedRuleName: 'rule' },
    });
    await expect(find()).resolves.toEqual({
      ...{
        name: 'Kyc',
        status: 'CREATE_COMPLETE',
        ruleNames: ['rule'],
        alarmNames: ['DeadLetters', 'OldEvents'],
        place: { account: '111111111111', region },
        hasTopic: true,
        photoBucket: 'photos',
        apiKeySecretId: 'secret',
      },
      ...{ uploadQueueUrl: 'https://queue', deadLetterQueueUrl: 'https://dead-letters', functionName: 'upload' },
      undeliveredEventsQueueUrl: 'https://undelivered',
    });
  });

  it('that does not exist is named, with its region and what to do', async () => {
    cloudFormation.on(DescribeStacksCommand).rejects(
      new CloudFormationServiceException({
        ...{ name: 'ValidationError', message: 'Stack with id Kyc does not exist' },
        ...{ $fault: 'client', $metadata: { httpStatusCode: 400 } },
      }),
    );
    await expect(find()).rejects.toThrow('There is no stack Kyc in eu-west-2: set its name with --stack');
  });

  it.each(requiredOutputs)('without the output %s is refused, and the message says how to add it', async (name) => {
    stackIs(Object.fromEntries(Object.entries(outputs).filter(([output]) => output !== name)));
    await expect(find()).rejects.toThrow(new RegExp(`^Kyc has no output ${name}: .* call addOutputs\\(\\) `));
  });

  it('with the queue of undelivered events, but without the name of the rule, is refused', async () => {
    stackIs({ ...outputs, UndeliveredEventsQueueUrl: 'https://undelivered' });
    await expect(find()).rejects.toThrow('Kyc has no output ObjectCreatedRuleName: deploy the stack again');
  });
});

describe('pause', () => {
  const mapping = { UUID: 'mapping-of-the-queue', EventSourceArn: 'arn:aws:sqs:eu-west-2:1:uploads', State: 'Enabled' };
  const another = { ...mapping, UUID: 'another', EventSourceArn: 'arn:aws:sqs:eu-west-2:1:others' };

  beforeEach(() => {
    stackIs({ ...outputs, UploadQueueUrl: 'https://sqs.eu-west-2.amazonaws.com/1/uploads' });
    lambda.on(GetFunctionConfigurationCommand).resolves({});
    lambda.on(ListEventSourceMappingsCommand).resolves({ EventSourceMappings: [another, mapping] });
  });

  it('disables only the event source mapping of the upload queue', async () => {
    lambda.on(UpdateEventSourceMappingCommand).resolves({ State: 'Disabling' });
    await expect(runCommand(['pause'])).resolves.toMatchObject({ status: 0 });
    const inputs = lambda.commandCalls(UpdateEventSourceMappingCommand).map(({ args }) => args[0].input);
    expect(inputs).toEqual([{ UUID: mapping.UUID, Enabled: false }]);
  });

  it('asks to try again while Lambda changes the event source mapping', async () => {
    lambda
      .on(UpdateEventSourceMappingCommand)
      .rejects(new ResourceInUseException({ message: 'in use', $metadata: { httpStatusCode: 400 } }));
    await expect(runCommand(['pause'])).resolves.toMatchObject({
      ...{ status: 1, out: [], err: [expect.stringContaining('try again in a minute')] },
    });
  });

  it('fails if the upload queue does not invoke the function', async () => {
    lambda.on(ListEventSourceMappingsCommand).resolves({ EventSourceMappings: [another] });
    await expect(runCommand(['pause'])).resolves.toMatchObject({
      ...{ status: 1, err: [expect.stringContaining('does not invoke the function: deploy the stack again')] },
    });
  });
});

describe('the function’s log', () => {
  const nowMs = Date.UTC(2026, 10, 23);
  const query = (...ids: string[]) => findInCloudWatch(new CloudWatchLogsClient({ region }), 'group', nowMs)(ids);

  it('is queried once for all messages, over the 14 days of retention', async () => {
    logs.on(StartQueryCommand).resolves({ queryId: 'q' });
    logs
      .on(GetQueryResultsCommand)
      .resolvesOnce({ status: 'Running' })
      .resolves({
        status: 'Complete',
        results: [
          [
            { field: 'messageId', value: 'aa-1' },
            { field: 'lastCode', value: 'account-fault' },
            { field: 'lastError', value: 'ComplyCube answered 401' },
          ],
        ],
      });
    await expect(query('aa-1', 'bb-2')).resolves.toEqual(
      new Map([['aa-1', { errorCode: 'account-fault', error: 'ComplyCube answered 401' }]]),
    );
    const [call] = logs.commandCalls(StartQueryCommand);
    expect(call?.args[0].input).toMatchObject({
      ...{ logGroupName: 'group', endTime: nowMs / 1000, startTime: nowMs / 1000 - 14 * 86_400 },
      queryString:
        'filter messageId in ["aa-1", "bb-2"] and ispresent(errorCode) | stats latest(errorCode) as lastCode, latest(error) as lastError by messageId',
    });
  });

  it('is not queried without messages, nor for strings that are no message ID', async () => {
    await expect(query()).resolves.toEqual(new Map());
    logs.on(StartQueryCommand).resolves({ queryId: 'q' });
    logs.on(GetQueryResultsCommand).resolves({ status: 'Complete', results: [] });
    await query('aa-1', '"] | delete');
    expect(logs.commandCalls(StartQueryCommand)[0]?.args[0].input.queryString).not.toContain('delete');
  });

  it('fails the command if the query fails', async () => {
    logs.on(StartQueryCommand).resolves({ queryId: 'q' });
    logs.on(GetQueryResultsCommand).resolves({ status: 'Failed' });
    await expect(query('aa-1')).rejects.toThrow(
      new CommandError("The query of the function's log ended with status Failed: try again"),
    );
  });
});

describe('the key prefixes of a stack', () => {
  const access = (ruleNames: string[]): StackAccess =>
    ({
      ...{ stack: { photoBucket: 'photos', ruleNames }, s3: new S3Client({ region }) },
      onAws: { eventBridge: new EventBridgeClient({ region }) },
    }) as unknown as StackAccess;

  it('are those of the S3 notifications to its queue, in order', async () => {
    s3.on(GetBucketNotificationConfigurationCommand).resolves({
      QueueConfigurations: [
        {
          QueueArn: 'another',
          Events: ['s3:ObjectCreated:*'],
          Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'no/' }] } },
        },
        {
          QueueArn: 'queue',
          Events: ['s3:ObjectCreated:*'],
          Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'yes/' }] } },
        },
        {
          QueueArn: 'queue',
          Events: ['s3:ObjectCreated:*'],
          Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'also/' }] } },
        },
      ],
    });
    expect(keyPrefixesOf(await readNotification(access([])), 'queue')).toEqual(['also/', 'yes/']);
  });

  it('are those of its EventBridge rule for an existing bucket', async () => {
    s3.on(GetBucketNotificationConfigurationCommand).resolves({ EventBridgeConfiguration: {} });
    eventBridge.on(DescribeRuleCommand, { Name: 'rule' }).resolves({
      State: 'ENABLED',
      EventPattern: JSON.stringify({ detail: { object: { key: [{ prefix: 'photos/' }, { prefix: 'ids/' }] } } }),
    });
    eventBridge.on(ListTargetsByRuleCommand, { Rule: 'rule' }).resolves({ Targets: [{ Id: '1', Arn: 'queue' }] });
    const notification = await readNotification(access(['rule']));
    expect(notification).toMatchObject({
      isSentToEventBridge: true,
      rules: [{ isEnabled: true, targets: [{ arn: 'queue' }] }],
    });
    expect(keyPrefixesOf(notification, 'queue')).toEqual(['ids/', 'photos/']);
  });

  it('are every key if neither has a prefix', async () => {
    s3.on(GetBucketNotificationConfigurationCommand).resolves({ EventBridgeConfiguration: {} });
    eventBridge.on(DescribeRuleCommand).resolves({ State: 'ENABLED', EventPattern: JSON.stringify({ detail: {} }) });
    eventBridge.on(ListTargetsByRuleCommand).resolves({ Targets: [] });
    expect(keyPrefixesOf(await readNotification(access(['rule'])), 'queue')).toEqual(['']);
    expect(keyPrefixesOf(await readNotification(access([])), 'queue')).toEqual(['']);
  });
});

describe('an error', () => {
  const named = (name: string, message = 'said', more: object = {}): Error =>
    Object.assign(new Error(message), { name, ...more });

  it.each([
    [named('CredentialsProviderError'), 'AWS credentials are missing: set AWS_PROFILE'],
    [named('ExpiredTokenException'), 'have expired'],
    [named('Error', 'Region is missing'), 'set AWS_REGION'],
    [named('AccessDenied', 'User x is not authorized to perform: s3:ListBucketVersions'), 's3:ListBucketVersions'],
    [named('NoSuchBucket', 'gone', { $metadata: { httpStatusCode: 404 } }), 'AWS answered NoSuchBucket: gone'],
    [named('Error', 'connect', { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  ])('%s is explained in one line', (error, text) => {
    expect(explainError(error)).toContain(text);
    expect(explainError(named('Odd', `two\nlines ${'x'.repeat(1_000)}`))).toMatch(/^[^\n]{1,320}$/);
  });
});
