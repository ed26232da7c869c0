import { describe, expect, it } from '@jest/globals';
import { judgeFact } from '../../../cli/doctor/finding';
import { judgeAlarms } from '../../../cli/doctor/judge-alarms';
import { judgeLocation, judgeNotification, judgeVersioning } from '../../../cli/doctor/judge-bucket';
import { judgeErasure } from '../../../cli/doctor/judge-erasure';
import { judgeEventSource, judgeFunction } from '../../../cli/doctor/judge-function';
import { judgeAccount, judgeSecret } from '../../../cli/doctor/judge-key';
import { judgePermissions, requiredPermissions } from '../../../cli/doctor/judge-permissions';
import {
  judgeBacklog,
  judgeDeadLetters,
  judgeUndeliveredEvents,
  judgeUploadQueue,
} from '../../../cli/doctor/judge-queues';
import { judgeRuleDeadLetters } from '../../../cli/doctor/judge-rule';
import { lookUp } from '../../../cli/stack/fact';
import type { FunctionSettings } from '../../../cli/stack/function-settings';
import { environmentNames } from '../../../contract/environment';
import type { InquiryAnswer } from '../../../contract/inquiry';
import { account } from '../../lib/deployed-template';
import { functionRole, mayFunction, rolePolicies } from '../../lib/policies';
import { toList } from '../../../cli/policy/patterns';
import { deploy, everyOption } from '../../lib/stacks';

const template = deploy();
const photoBucket = template.the('AWS::S3::Bucket', 'UploaderPhotoBucket');
const uploadQueue = template.the('AWS::SQS::Queue', 'UploaderQueuesUpload');
const deadLetterQueue = template.the('AWS::SQS::Queue', 'UploaderQueuesDeadLetter');
const role = functionRole(template).arn;

describe('a fact', () => {
  const named = (name: string): Error => Object.assign(new Error('said'), { name });

  it.each([
    ['AccessDenied', 'unchecked'],
    ['AccessDeniedException', 'unchecked'],
    ['403', 'unchecked'],
    ['NotImplemented', 'unchecked'],
    ['NoSuchBucket', 'wrong'],
    ['QueueDoesNotExist', 'wrong'],
    ['ResourceNotFoundException', 'wrong'],
  ])('that failed with %s is %s', async (name, verdict) => {
    const fact = await lookUp(() => Promise.reject(named(name)));
    expect(judgeFact('check', fact, () => ({ check: 'check', verdict: 'right', said: '' })).verdict).toBe(verdict);
  });

  it('fails the command if the network fails', async () => {
    await expect(lookUp(() => Promise.reject(named('TimeoutError')))).rejects.toThrow('said');
  });
});

describe('erasure', () => {
  const settings = (operatorsNamed?: string): FunctionSettings => ({
    ...{ state: 'Active', lastUpdateStatus: 'Successful', role, logGroup: undefined, timeoutSeconds: 300 },
    variables: { [environmentNames.operatorsNamed]: operatorsNamed },
    eventSources: [],
  });

  it('needs named operators', () => {
    expect(judgeErasure(settings('true')).verdict).toBe('right');
    expect(judgeErasure(settings())).toMatchObject({
      verdict: 'warning',
      mend: expect.stringContaining('operatorRoleArns') as unknown,
    });
  });
});

describe('the API key', () => {
  const secret = {
    id: 'the-secret',
    arn: 'arn',
    hasValue: true,
    isDeleted: false,
    kmsKey: undefined,
    stackName: 'LivePhotos',
    changedAt: new Date('2026-11-23'),
  };

  it('is right if the secret has a value', () => {
    expect(judgeSecret(secret)).toMatchObject({
      verdict: 'right',
      said: expect.stringContaining('2026-11-23') as unknown,
    });
  });

  it.each([
    [{ hasValue: false }, 'put-secret-value --secret-id the-secret'],
    [{ isDeleted: true }, 'restore-secret --secret-id the-secret'],
  ])('is wrong with %o, and shows the fix', (change, mend) => {
    expect(judgeSecret({ ...secret, ...change })).toMatchObject({
      verdict: 'wrong',
      mend: expect.stringContaining(mend) as unknown,
    });
  });

  it.each<[InquiryAnswer, string, string]>([
    [{ answer: 'accepted' }, 'right', ''],
    [{ answer: 'refused', status: 401, said: 'invalid' }, 'wrong', 'put-secret-value'],
    [{ answer: 'refused', status: 402 }, 'wrong', 'settle the account'],
    [{ answer: 'refused', status: 403 }, 'wrong', 'no permission for live photos'],
    [{ answer: 'refused', status: 429 }, 'warning', 'requestsPerSecond'],
    [{ answer: 'refused', status: 503 }, 'warning', 'no action is required'],
    [{ answer: 'refused', status: 418 }, 'wrong', 'complyCubeBaseUrl'],
    [{ answer: 'failed', because: 'The secret is empty', errorCode: 'api-key-missing' }, 'wrong', 'put-secret-value'],
    [{ answer: 'failed', because: 'no', errorCode: 'secrets-manager-failed' }, 'wrong', 'role to read the secret'],
    [{ answer: 'failed', because: 'no', errorCode: 'complycube-unreachable' }, 'wrong', 'complyCubeBaseUrl'],
    [{ answer: 'failed', because: 'ApiKeyError: the text decides nothing' }, 'wrong', 'complyCubeBaseUrl'],
  ])('with the answer %o of ComplyCube is %s', (answer, verdict, mend) => {
    const finding = judgeAccount(answer, 'the-secret');
    expect(finding.verdict).toBe(verdict);
    expect(finding.mend ?? '').toContain(mend);
  });
});

describe('the function', () => {
  const settings: FunctionSettings = {
    ...{ state: 'Active', lastUpdateStatus: 'Successful', role, logGroup: 'logs', timeoutSeconds: 60 },
    variables: (
      template.the('AWS::Lambda::Function').properties['Environment'] as { Variables: Record<string, string> }
    ).Variables,
    eventSources: [{ id: 'id', arn: 'queue', state: 'Enabled', reportsBatchItemFailures: true, maxConcurrency: 2 }],
  };

  it('is right as the stack creates it', () => {
    expect(judgeFunction(settings).verdict).toBe('right');
    expect(judgeEventSource(settings, 'queue')).toMatchObject({
      verdict: 'right',
      said: expect.stringContaining('10 calls') as unknown,
    });
  });

  it.each([
    [{ state: 'Failed' }, 'Its state is Failed'],
    [{ lastUpdateStatus: 'Failed' }, 'Its last update failed'],
    [{ variables: { ...settings.variables, CLAIMS_BUCKET: '' } }, 'It lacks the variables CLAIMS_BUCKET'],
  ])('is wrong with %o', (change, said) => {
    expect(judgeFunction({ ...settings, ...change })).toMatchObject({ verdict: 'wrong', said });
  });

  it.each([
    [{ arn: 'another' }, 'wrong'],
    [{ state: 'Disabled' }, 'wrong'],
    [{ reportsBatchItemFailures: false }, 'wrong'],
    [{ maxConcurrency: undefined }, 'warning'],
  ])('with the event source %o is %s', (change, verdict) => {
    const eventSources = settings.eventSources.map((source) => ({ ...source, ...change }));
    expect(judgeEventSource({ ...settings, eventSources }, 'queue').verdict).toBe(verdict);
  });
});

describe('the bucket', () => {
  const nothing = { toQueues: [], isSentToEventBridge: false, rules: [] };
  const own = { queueArn: 'queue', events: ['s3:ObjectCreated:*'], prefix: '', suffix: '' };
  const target = { arn: 'queue', deadLetterArn: 'undelivered' };
  const rule = { name: 'rule', arn: 'rule', isEnabled: true, prefixes: [''], targets: [target] };

  it('is right if versioned, otherwise a warning', () => {
    expect(judgeVersioning('Enabled').verdict).toBe('right');
    expect(judgeVersioning(undefined).verdict).toBe('warning');
  });

  it.each([
    ['S3', { ...nothing, toQueues: [own] }, 'right'],
    ['nobody', nothing, 'wrong'],
    ['S3, to another queue', { ...nothing, toQueues: [{ ...own, queueArn: 'another' }] }, 'wrong'],
    ['S3, for some events only', { ...nothing, toQueues: [{ ...own, events: ['s3:ObjectCreated:Put'] }] }, 'wrong'],
    ['EventBridge', { ...nothing, isSentToEventBridge: true, rules: [rule] }, 'right'],
    [
      'EventBridge, to another queue',
      { ...nothing, isSentToEventBridge: true, rules: [{ ...rule, targets: [{ ...target, arn: 'another' }] }] },
      'wrong',
    ],
    [
      'EventBridge, with unknown targets',
      { ...nothing, isSentToEventBridge: true, rules: [{ ...rule, targets: undefined }] },
      'unchecked',
    ],
    ['EventBridge, which gets no events', { ...nothing, rules: [rule] }, 'wrong'],
    [
      'EventBridge, with a disabled rule',
      { ...nothing, isSentToEventBridge: true, rules: [{ ...rule, isEnabled: false }] },
      'wrong',
    ],
  ])('whose events are sent by %s is judged (case %#)', (_, notification, verdict) => {
    expect(judgeNotification(notification, 'queue', undefined).verdict).toBe(verdict);
  });

  it('is wrong if events are sent for other keys than the function processes', () => {
    const ids = { ...own, prefix: 'ids/' };
    const ofS3 = { ...nothing, toQueues: [ids, { ...own, prefix: 'photos/' }] };
    const ofEventBridge = {
      ...nothing,
      isSentToEventBridge: true,
      rules: [{ ...rule, prefixes: ['photos/', 'ids/'] }],
    };
    for (const notification of [ofS3, ofEventBridge]) {
      expect(judgeNotification(notification, 'queue', ['photos/', 'ids/']).verdict).toBe('right');
      expect(judgeNotification(notification, 'queue', ['ids/', 'other/'])).toMatchObject({
        verdict: 'wrong',
        said: 'Events are sent for keys ids/…, photos/…, but the function processes keys ids/…, other/…',
      });
    }
    expect(judgeNotification(ofS3, 'queue', ['ids/']).verdict).toBe('wrong');
  });

  it('is wrong if one of its prefixes sends only some events', () => {
    const some = { ...own, prefix: 'ids/', events: ['s3:ObjectCreated:Put'] };
    const toQueues = [{ ...own, prefix: 'photos/' }, some];
    expect(judgeNotification({ ...nothing, toQueues }, 'queue', undefined).verdict).toBe('wrong');
  });

  it.each([
    [{ region: 'eu-west-2', isOfStack: true }, 'right', 'account and region'],
    [{ region: 'us-east-1', isOfStack: true }, 'wrong', 'It is in us-east-1, and the stack is in eu-west-2'],
    [{ region: 'eu-west-2', isOfStack: false }, 'wrong', 'does not belong to the AWS account 111111111111'],
    [{ region: undefined, isOfStack: false }, 'wrong', 'does not belong'],
    [{ region: undefined, isOfStack: true }, 'unchecked', 'did not return its region'],
  ])('at %o is %s', (place, verdict, said) => {
    expect(judgeLocation(place, { account: '111111111111', region: 'eu-west-2' })).toMatchObject({
      ...{ verdict, said: expect.stringContaining(said) as unknown },
    });
  });
});

describe('the dead letters of the rule', () => {
  const target = { arn: 'queue', deadLetterArn: 'undelivered' };
  const rule = { name: 'rule', arn: 'rule', isEnabled: true, prefixes: [''], targets: [target] };

  it('are right as the stack creates them', () => {
    expect(judgeRuleDeadLetters(rule, 'undelivered').verdict).toBe('right');
  });

  it('are wrong if the target has another dead-letter queue or none', () => {
    for (const deadLetterArn of [undefined, 'another'])
      expect(judgeRuleDeadLetters({ ...rule, targets: [{ ...target, deadLetterArn }] }, 'undelivered')).toMatchObject({
        ...{ verdict: 'wrong', said: expect.stringContaining('has no dead-letter queue') as unknown },
      });
  });

  it('are unchecked if the targets or the queue are unknown', () => {
    expect(judgeRuleDeadLetters({ ...rule, targets: undefined }, 'undelivered').verdict).toBe('unchecked');
    expect(judgeRuleDeadLetters(rule, undefined).verdict).toBe('unchecked');
  });
});

describe('the queues', () => {
  const redrive = JSON.stringify({ deadLetterTargetArn: 'dead-letters', maxReceiveCount: 130 });
  const queue = { RedrivePolicy: redrive, VisibilityTimeout: '360', MessageRetentionPeriod: '604800' };
  const context = { functionTimeoutSeconds: 60, deadLetterArn: 'dead-letters' };

  it.each([
    [{}, 'right'],
    [{ RedrivePolicy: undefined }, 'wrong'],
    [{ RedrivePolicy: redrive.replace('dead-letters', 'other') }, 'wrong'],
    [{ VisibilityTimeout: '359' }, 'wrong'],
    [{ KmsMasterKeyId: 'alias/aws/sqs' }, 'wrong'],
    [{ KmsMasterKeyId: 'alias/own' }, 'right'],
  ])('with %o are %s', (change, verdict) => {
    expect(judgeUploadQueue({ ...queue, ...change }, context).verdict).toBe(verdict);
  });

  it('are unchecked if the function or the dead-letter queue is unknown', () => {
    for (const name of ['functionTimeoutSeconds', 'deadLetterArn'])
      expect(judgeUploadQueue(queue, { ...context, [name]: undefined }).verdict).toBe('unchecked');
  });

  it('are a warning if more than an hour of work waits', () => {
    const waiting = (ready: number) => ({
      ApproximateNumberOfMessages: String(ready),
      ApproximateNumberOfMessagesNotVisible: '7',
    });
    expect(judgeBacklog(waiting(35_999), 10)).toMatchObject({
      verdict: 'right',
      said: expect.stringContaining('7 in flight') as unknown,
    });
    expect(judgeBacklog(waiting(36_000), 10)).toMatchObject({
      verdict: 'warning',
      said: expect.stringContaining('1 h of work') as unknown,
    });
  });

  it('are unchecked if SQS returns no number of messages, or the pace is unknown', () => {
    expect(judgeBacklog({}, 10).verdict).toBe('unchecked');
    expect(judgeUndeliveredEvents({}).verdict).toBe('unchecked');
    const waiting = { ApproximateNumberOfMessages: '1', ApproximateNumberOfMessagesNotVisible: '0' };
    expect(judgeBacklog(waiting, undefined).verdict).toBe('unchecked');
  });

  it('are wrong with undelivered events, and the finding names the command', () => {
    expect(judgeUndeliveredEvents({ ApproximateNumberOfMessages: '0' }).verdict).toBe('right');
    expect(judgeUndeliveredEvents({ ApproximateNumberOfMessages: '2' })).toMatchObject({
      ...{ verdict: 'wrong', said: 'There are some: about 2 messages' },
      mend: expect.stringContaining('npx live-photos redrive undelivered-events --dry-run') as unknown,
    });
  });

  it('are wrong if no alarm watches one of them, and a warning if an alarm is silent', () => {
    const queues = { 'the dead-letter queue': 'arn:dead', 'the queue of undelivered events': 'arn:undelivered' };
    const alarm = { name: 'alarm', queueNames: ['dead', 'undelivered'], areActionsEnabled: true };
    expect(judgeAlarms([alarm], queues).verdict).toBe('right');
    expect(judgeAlarms([{ ...alarm, areActionsEnabled: false }], queues)).toMatchObject({
      ...{ verdict: 'warning', mend: expect.stringContaining('enable-alarm-actions --alarm-names alarm') as unknown },
    });
    expect(judgeAlarms([{ ...alarm, queueNames: ['dead'] }], queues)).toMatchObject({
      ...{ verdict: 'wrong', said: 'No alarm watches the queue of undelivered events' },
    });
    expect(judgeAlarms([], queues).verdict).toBe('wrong');
  });

  it('are wrong with dead-lettered messages or a short retention', () => {
    const deadLetters = { MessageRetentionPeriod: '1209600', ApproximateNumberOfMessages: '0' };
    expect(judgeDeadLetters(deadLetters, queue).verdict).toBe('right');
    expect(judgeDeadLetters({ ...deadLetters, ApproximateNumberOfMessages: '3' }, queue).verdict).toBe('wrong');
    expect(judgeDeadLetters({ ...deadLetters, MessageRetentionPeriod: '604800' }, queue).verdict).toBe('wrong');
  });
});

describe('the required permissions', () => {
  const resources = {
    photoBucket: photoBucket.arn,
    keyPrefixes: ['photos/', 'ids/'],
    claimsBucket: template.the('AWS::S3::Bucket', 'UploaderClaims').arn,
    uploadQueue: uploadQueue.arn,
    deadLetterQueue: deadLetterQueue.arn,
    secret: template.the('AWS::SecretsManager::Secret').arn,
    eventBus: `arn:aws:events:${account.region}:${account.accountId}:event-bus/default`,
    kmsKeys: [],
  };
  const required = requiredPermissions(resources);

  it('are all allowed by the role of the stack', () => {
    expect(required.filter(({ action, resource }) => !mayFunction(template, action, resource))).toEqual([]);
  });

  it('are all permissions of the role, except logs and traces', () => {
    const allowed = rolePolicies(template)
      .flatMap(({ Action }) => toList(Action))
      .filter((action) => !/^(logs|xray):/.test(action));
    expect(new Set(required.map(({ action }) => action))).toEqual(new Set(allowed));
  });

  it('include decryption with customer managed keys', () => {
    const keyArns = [everyOption.encryptionKeyArn, everyOption.apiKeySecretKeyArn];
    const kmsKeys = [
      ...keyArns.map((arn) => ({ arn, actions: ['kms:Decrypt'] })),
      { arn: everyOption.pipelineKeyArn, actions: ['kms:Decrypt', 'kms:GenerateDataKey'] },
    ];
    const withKeys = deploy(everyOption);
    const ofKeys = requiredPermissions({ ...resources, kmsKeys }).slice(required.length);
    expect(ofKeys).toEqual([
      ...keyArns.map((resource) => ({ action: 'kms:Decrypt', resource })),
      ...['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({ action, resource: everyOption.pipelineKeyArn })),
    ]);
    expect(ofKeys.every(({ action, resource }) => mayFunction(withKeys, action, resource))).toBe(true);
    expect(ofKeys.some(({ action, resource }) => mayFunction(template, action, resource))).toBe(false);
  });

  it('are named if they are missing', () => {
    expect(judgePermissions([]).verdict).toBe('right');
    expect(judgePermissions([{ action: 's3:GetObject', resource: 'arn:photo' }])).toMatchObject({
      verdict: 'wrong',
      said: expect.stringContaining('s3:GetObject on arn:photo') as unknown,
    });
  });
});
