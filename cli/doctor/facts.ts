import { DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { type IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  type LifecycleRule,
} from '@aws-sdk/client-s3';
import { DescribeSecretCommand, GetResourcePolicyCommand } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { environmentNames } from '../../contract/environment';
import type { InquiryAnswer } from '../../contract/inquiry';
import { isAccessDenied } from '../explain-error';
import { inquire } from '../stack/inquire';
import { type Fact, lookUp, mapFact, notLookedUp } from '../stack/fact';
import { claimsBucketOf, type FunctionSettings, readFunctionSettings } from '../stack/function-settings';
import { keyPrefixesOf, type Notification, readNotification } from '../photos/notification';
import type { StackAccess } from '../stack/stack-access';
import type { AlarmFacts } from './judge-alarms';
import type { BucketPlace } from './judge-bucket';
import type { SecretFacts } from './judge-key';
import { actionsOf, type Encryptable } from './judge-kms';
import { type EncryptedResource, lookUpKeys, type UsedKey } from './key-facts';
import { requiredPermissions, type RequiredPermission } from './judge-permissions';
import type { QueueAttributes } from './judge-queues';
import { parsePolicy, type PolicyStatement } from '../policy/statement';

/** The facts that the doctor looks up. Each is looked up independently, so an unknown one does not affect the others. */
export interface DoctorFacts {
  readonly secret: Fact<SecretFacts>;
  readonly account: Fact<InquiryAnswer>;
  readonly settings: Fact<FunctionSettings>;
  readonly versioning: Fact<string | undefined>;
  readonly notification: Fact<Notification>;
  /** The statements of policies. Empty if the resource has none. */
  readonly bucketPolicy: Fact<readonly PolicyStatement[]>;
  readonly claimsPolicy: Fact<readonly PolicyStatement[]>;
  readonly secretPolicy: Fact<readonly PolicyStatement[]>;
  /** The lifecycle rules of the photo bucket. */
  readonly lifecycle: Fact<readonly LifecycleRule[]>;
  readonly claimsLifecycle: Fact<readonly LifecycleRule[]>;
  readonly uploadQueue: Fact<QueueAttributes>;
  readonly deadLetterQueue: Fact<QueueAttributes>;
  /** The queue of undelivered events. Undefined if the stack created its bucket. */
  readonly undeliveredEvents: Fact<QueueAttributes> | undefined;
  /** Looked up only for an existing bucket. */
  readonly bucketPlace: Fact<BucketPlace>;
  readonly alarms: Fact<readonly AlarmFacts[]>;
  /** The keys of the stack's resources. Empty for the local pipeline. */
  readonly encrypted: readonly EncryptedResource[];
  /** The customer managed ones among these keys. */
  readonly keys: readonly UsedKey[];
  /** Permissions that the function's role lacks. */
  readonly refused: Fact<readonly RequiredPermission[]>;
}

/** Looks up all facts. @throws other errors than a missing resource or permission, such as of the network. */
export async function gatherFacts(access: StackAccess): Promise<DoctorFacts> {
  const { stack, s3, lambda } = access;
  const undeliveredUrl = stack.undeliveredEventsQueueUrl;
  const undelivered = undeliveredUrl === undefined ? undefined : lookUp(() => readQueue(access, undeliveredUrl));
  const [
    secret,
    account,
    settings,
    versioning,
    notification,
    bucketPolicy,
    secretPolicy,
    bucketKey,
    uploadQueue,
    deadLetterQueue,
    undeliveredEvents,
    bucketPlace,
    alarms,
    lifecycle,
  ] = await Promise.all([
    lookUp(() => readSecret(access)),
    lookUp(() => inquire(lambda, stack.functionName, { inquiry: 'account' })),
    lookUp(() => readFunctionSettings(lambda, stack.functionName)),
    lookUp(async () => (await s3.send(new GetBucketVersioningCommand({ Bucket: stack.photoBucket }))).Status),
    lookUp(() => readNotification(access)),
    lookUp(() => readBucketPolicy(access, stack.photoBucket)),
    lookUp(() => readSecretPolicy(access)),
    lookUp(() => readBucketKey(access, stack.photoBucket)),
    lookUp(() => readQueue(access, stack.uploadQueueUrl)),
    lookUp(() => readQueue(access, stack.deadLetterQueueUrl)),
    undelivered,
    stack.ruleNames.length === 0 ? notLookedUp('the stack created its bucket') : lookUp(() => readBucketPlace(access)),
    lookUp(() => readAlarms(access)),
    lookUp(() => readLifecycle(access, stack.photoBucket)),
  ]);
  const ofClaims = async <Value>(read: (bucket: string) => Promise<Value>): Promise<Fact<Value>> =>
    settings.isKnown ? lookUp(() => read(claimsBucketOf(settings.value))) : settings;
  const claimsLifecycle = await ofClaims((bucket) => readLifecycle(access, bucket));
  const claimsPolicy = await ofClaims((bucket) => readBucketPolicy(access, bucket));
  const ofBucket = { versioning, notification, bucketPlace, lifecycle, claimsLifecycle };
  const ofQueues = { uploadQueue, deadLetterQueue, undeliveredEvents, alarms };
  const ofPolicies = { bucketPolicy, claimsPolicy, secretPolicy };
  const looked = { secret, account, settings, ...ofBucket, ...ofPolicies, ...ofQueues };
  const known = { ...looked, ...(await lookUpEncryption(access, looked, bucketKey)) };
  return { ...known, refused: await lookUpRefused(access, known) };
}

async function lookUpEncryption(
  access: StackAccess,
  facts: Pick<DoctorFacts, 'secret' | 'settings' | 'uploadQueue' | 'deadLetterQueue' | 'undeliveredEvents'>,
  bucketKey: Fact<string | undefined>,
): Promise<Pick<DoctorFacts, 'encrypted' | 'keys'>> {
  if (access.onAws === undefined) return { encrypted: [], keys: [] };
  const { secret, settings, uploadQueue, deadLetterQueue, undeliveredEvents } = facts;
  const claimsKey = settings.isKnown
    ? await lookUp(() => readBucketKey(access, claimsBucketOf(settings.value)))
    : settings;
  const ofQueue = (queue: Fact<QueueAttributes>) => mapFact(queue, ({ KmsMasterKeyId }) => KmsMasterKeyId);
  const encrypted: (readonly [Encryptable, Fact<string | undefined>])[] = [
    ['photos', bucketKey],
    ['the API key', mapFact(secret, ({ kmsKey }) => kmsKey)],
    ['claims', claimsKey],
    ['the upload queue', ofQueue(uploadQueue)],
    ['the dead-letter queue', ofQueue(deadLetterQueue)],
  ];
  if (undeliveredEvents !== undefined) encrypted.push(['the queue of undelivered events', ofQueue(undeliveredEvents)]);
  return { encrypted, keys: await lookUpKeys(access.onAws.kms, encrypted) };
}

async function readSecret({ stack, secretsManager }: StackAccess): Promise<SecretFacts> {
  const {
    ARN,
    VersionIdsToStages = {},
    DeletedDate,
    LastChangedDate,
    KmsKeyId,
    Tags = [],
  } = await secretsManager.send(new DescribeSecretCommand({ SecretId: stack.apiKeySecretId }));
  return {
    id: stack.apiKeySecretId,
    arn: ARN ?? stack.apiKeySecretId,
    hasValue: Object.values(VersionIdsToStages).some((stages) => stages.includes('AWSCURRENT')),
    isDeleted: DeletedDate !== undefined,
    changedAt: LastChangedDate,
    kmsKey: KmsKeyId,
    // CloudFormation tags what it creates (CloudFormation user guide, "Resource tag").
    stackName: Tags.find(({ Key }) => Key === 'aws:cloudformation:stack-name')?.Value,
  };
}

async function readBucketPolicy({ s3 }: StackAccess, bucket: string): Promise<PolicyStatement[]> {
  try {
    const { Policy = '{}' } = await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
    return parsePolicy(Policy);
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchBucketPolicy') return [];
    throw error;
  }
}

async function readSecretPolicy({ stack, secretsManager }: StackAccess): Promise<PolicyStatement[]> {
  const { ResourcePolicy = '{}' } = await secretsManager.send(
    new GetResourcePolicyCommand({ SecretId: stack.apiKeySecretId }),
  );
  return parsePolicy(ResourcePolicy);
}

/** The ID, ARN or alias of the KMS key that encrypts new objects. Undefined if S3 manages the keys. */
async function readBucketKey({ s3 }: StackAccess, bucket: string): Promise<string | undefined> {
  const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket: bucket }));
  return ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
}

async function readBucketPlace({ stack, s3 }: StackAccess): Promise<BucketPlace> {
  const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket: stack.photoBucket }));
  const expected = { Bucket: stack.photoBucket, ExpectedBucketOwner: stack.place?.account };
  try {
    await s3.send(new HeadBucketCommand(expected));
    return { region: BucketRegion, isOfStack: true };
  } catch (error) {
    // The call without this condition was allowed.
    if (isAccessDenied(error)) return { region: BucketRegion, isOfStack: false };
    throw error;
  }
}

async function readLifecycle({ s3 }: StackAccess, bucket: string): Promise<readonly LifecycleRule[]> {
  try {
    return (await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }))).Rules ?? [];
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchLifecycleConfiguration') return [];
    throw error;
  }
}

async function readAlarms({ stack, onAws }: StackAccess): Promise<AlarmFacts[]> {
  // Without names, CloudWatch returns all alarms of the account.
  if (onAws === undefined || stack.alarmNames.length === 0) return [];
  const { MetricAlarms = [] } = await onAws.cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [...stack.alarmNames] }),
  );
  return MetricAlarms.map((alarm) => ({
    name: alarm.AlarmName ?? '',
    queueNames: metricsOf(alarm).flatMap(({ MetricName, Dimensions = [] }) =>
      MetricName === 'ApproximateNumberOfMessagesVisible' ? Dimensions.flatMap(({ Value }) => Value ?? []) : [],
    ),
    areActionsEnabled: alarm.ActionsEnabled !== false,
  }));
}

/** An alarm has one metric, or an expression with several. */
function metricsOf({ Metrics, MetricName, Dimensions }: MetricAlarm): Pick<MetricAlarm, 'MetricName' | 'Dimensions'>[] {
  return Metrics === undefined
    ? [{ MetricName, Dimensions }]
    : Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);
}

async function readQueue({ sqs }: StackAccess, url: string): Promise<QueueAttributes> {
  return (await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }))).Attributes ?? {};
}

async function lookUpRefused(
  { stack, onAws }: StackAccess,
  { settings, notification, keys, uploadQueue, deadLetterQueue, secret }: Omit<DoctorFacts, 'refused'>,
): Promise<DoctorFacts['refused']> {
  if (onAws === undefined) return notLookedUp('the local servers check no permissions');
  const role = settings.isKnown ? settings.value.role : undefined;
  const queueArn = uploadQueue.isKnown ? uploadQueue.value['QueueArn'] : undefined;
  const deadLetterArn = deadLetterQueue.isKnown ? deadLetterQueue.value['QueueArn'] : undefined;
  const areQueuesKnown = queueArn !== undefined && deadLetterArn !== undefined;
  if (!settings.isKnown || role === undefined || !areQueuesKnown || !secret.isKnown) {
    return notLookedUp('the function, one of its queues or its secret could not be looked up');
  }
  const eventBus = settings.value.variables[environmentNames.eventBusName];
  if (eventBus === undefined) {
    return notLookedUp(`the function has no variable ${environmentNames.eventBusName}`);
  }
  const [, partition = 'aws', , , account = ''] = role.split(':');
  const [, , , region = ''] = queueArn.split(':');
  const bucketArn = (name: string): string => `arn:${partition}:s3:::${name}`;
  const required = requiredPermissions({
    photoBucket: bucketArn(stack.photoBucket),
    keyPrefixes: notification.isKnown ? keyPrefixesOf(notification.value, queueArn) : [''],
    claimsBucket: bucketArn(claimsBucketOf(settings.value)),
    uploadQueue: queueArn,
    deadLetterQueue: deadLetterArn,
    secret: secret.value.arn,
    kmsKeys: keys.flatMap((used) =>
      kmsKeyArn(used, `arn:${partition}:kms:${region}:${account}`).map((arn) => ({ arn, actions: actionsOf(used) })),
    ),
    // Earlier versions of the stack set the name.
    eventBus: eventBus.startsWith('arn:')
      ? eventBus
      : `arn:${partition}:events:${region}:${account}:event-bus/${eventBus}`,
  });
  return lookUp(() => simulate(onAws.iam, role, required));
}

/** The ARN of a key. Empty if the key is named by an alias and could not be looked up. */
function kmsKeyArn({ id, key }: UsedKey, arnStart: string): string[] {
  if (key.isKnown) return [key.value.arn];
  if (/(^|:)alias\//.test(id)) return [];
  return [id.startsWith('arn:') ? id : `${arnStart}:key/${id}`];
}

/** Simulates a role's policies, with permission boundaries and the organization's policies, but without resource policies. */
async function simulate(
  iam: IAMClient,
  role: string,
  required: readonly RequiredPermission[],
): Promise<RequiredPermission[]> {
  const resources = [...new Set(required.map(({ resource }) => resource))];
  const refused = await Promise.all(
    resources.map(async (resource) => {
      const actions = required.filter((permission) => permission.resource === resource).map(({ action }) => action);
      const { EvaluationResults = [] } = await iam.send(
        new SimulatePrincipalPolicyCommand({ PolicySourceArn: role, ActionNames: actions, ResourceArns: [resource] }),
      );
      return EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== 'allowed').map(
        ({ EvalActionName = '' }) => ({ action: EvalActionName, resource }),
      );
    }),
  );
  return refused.flat();
}
