import {
  type CfnElement,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Stack,
  Stage,
  Validations,
} from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clockSkewMs, listingDelayMs, secondLookAfterMs } from '../contract/durations';
import { environmentNames } from '../contract/environment';
import { createdBucket } from './existing-bucket';
import { anyMixture, minRetriesMs, retentionMarginMs, retryBounds } from '../contract/retry-bounds';

/** The constructs whose settings must be consistent. All but the bucket are in one stack. */
export interface CheckedResources {
  readonly queue: IConstruct;
  readonly deadLetterQueue: IConstruct;
  readonly function: IConstruct;
  readonly eventSource: IConstruct;
  /** The account's limit of calls to ComplyCube per second. */
  readonly requestsPerSecond: number;
  readonly existingBucket: IBucket | undefined;
}

/**
 * Fails synth when the resources contradict each other in a way that loses photos, uploads them twice or breaks ComplyCube's
 * rate limit, and warns if photos can be lost in rare cases. Other code may have changed them since they were created.
 *
 * It checks the written template, because constructs don't show overrides.
 */
export function refuseContradictions(scope: Construct, resources: CheckedResources): void {
  const plugin: IPolicyValidationPlugin = { name: 'LivePhotoUploader', validate: () => report(resources) };
  Validations.of(scope).addPlugins(plugin);
}

function report(resources: CheckedResources): PolicyValidationPluginReport {
  const violation =
    (severity: 'fatal' | 'warning') =>
    ([construct, ruleName, description]: Contradiction): PolicyViolation => ({
      ...{ ruleName, description, severity },
      violatingResources: [{ constructPath: construct.node.path, locations: [] }],
    });
  // The only severity that can't be acknowledged.
  const contradictions = findContradictions(resources).map(violation('fatal'));
  const warnings = findRisks(resources).map(violation('warning'));
  return { success: contradictions.length === 0, violations: [...contradictions, ...warnings] };
}

/** A contradiction: the construct to change, the rule's name, and what is wrong. */
type Contradiction = readonly [construct: IConstruct, name: string, message: string];

/** Four days (SQS API reference, CreateQueue). */
const defaultRetentionSeconds = 345_600;
/** Thirty seconds (SQS API reference, CreateQueue). */
const defaultVisibilitySeconds = 30;
/** Time reserved after the last photo's deadline: set the messages' visibility and return the batch response. */
const reservedMs = 10_000;
/** Three seconds (Lambda API reference, CreateFunction). */
const defaultTimeoutSeconds = 3;

/** Durations that the function may get longer, but not shorter. A claim's lease contains the first two. */
const leastDurations = [
  [
    environmentNames.clockSkewMs,
    clockSkewMs,
    'photos are uploaded twice if the clocks of execution environments differ',
  ],
  [environmentNames.listingDelayMs, listingDelayMs, 'photos are uploaded twice if ComplyCube lists them late'],
  [environmentNames.secondLookAfterMs, secondLookAfterMs, 'the live photo of an erased photo may remain'],
] as const;

function findContradictions({ queue, deadLetterQueue, existingBucket, ...others }: CheckedResources): Contradiction[] {
  const template = writtenTemplate(queue);
  const upload = template.propertiesOf(queue);
  const deadLetter = template.propertiesOf(deadLetterQueue);
  const fn = template.propertiesOf(others.function);
  const mapping = template.propertiesOf(others.eventSource);

  const timeoutSeconds = Number(fn['Timeout'] ?? defaultTimeoutSeconds);
  const visibilitySeconds = Number(upload['VisibilityTimeout'] ?? defaultVisibilitySeconds);
  const retentionSeconds = Number(upload['MessageRetentionPeriod'] ?? defaultRetentionSeconds);
  const deadLetterSeconds = Number(deadLetter['MessageRetentionPeriod'] ?? defaultRetentionSeconds);
  const variables = (fn['Environment'] as { Variables?: Record<string, unknown> } | undefined)?.Variables;
  const callsEach = Number(variables?.[environmentNames.requestsPerSecond]);
  const deadlineMs = Number(variables?.[environmentNames.photoDeadlineMs]);
  const callMs = Number(variables?.[environmentNames.callTimeoutMs]);
  const scaling = mapping['ScalingConfig'] as { MaximumConcurrency?: unknown } | undefined;
  const redrive = upload['RedrivePolicy'] as { maxReceiveCount?: unknown } | undefined;
  const maxReceiveCount = Number(redrive?.maxReceiveCount);
  const concurrency = Number(scaling?.MaximumConcurrency ?? Infinity);

  const visibilityMs = visibilitySeconds * 1000;
  const retries = retryBounds(anyMixture, { maxReceiveCount, visibilityMs, photoDeadlineMs: deadlineMs });

  // A value that is known only at deployment is NaN here, so each check of it fails.
  const contradictions: [isConsistent: boolean, ...Contradiction][] = [
    [
      visibilitySeconds >= 6 * timeoutSeconds,
      queue,
      'visibility-timeout',
      `The upload queue's visibility timeout is ${visibilitySeconds} s: it must be at least 6 times the function's timeout, which is ${timeoutSeconds} s`,
    ],
    [
      visibilityMs >= deadlineMs,
      queue,
      'visibility-and-deadline',
      `The upload queue's visibility timeout is ${visibilitySeconds} s: it must be at least a photo's deadline, which is ${deadlineMs} ms`,
    ],
    [
      retries.earliestMs >= minRetriesMs,
      queue,
      'retries-too-short',
      `The dead-letter queue could receive photos after ${hours(retries.earliestMs)} hours of retries: it must be at least ${hours(minRetriesMs)}. Raise maxReceiveCount, which is ${maxReceiveCount}, or the visibility timeout, which is ${visibilitySeconds} s`,
    ],
    [
      retries.latestMs <= retentionSeconds * 1000 - retentionMarginMs,
      queue,
      'retries-too-long',
      `Retries could take ${hours(retries.latestMs)} hours with maxReceiveCount ${maxReceiveCount} and a visibility timeout of ${visibilitySeconds} s: they must end a day before the upload queue deletes the message, which is after ${hours(retentionSeconds * 1000)} hours`,
    ],
    [
      timeoutSeconds * 1000 >= deadlineMs + reservedMs,
      others.function,
      'function-timeout',
      `The function's timeout is ${timeoutSeconds} s: it must be at least ${reservedMs} ms longer than a photo's deadline, which is ${deadlineMs} ms`,
    ],
    // Time for two calls: one finds the live photo of an earlier attempt, the other uploads.
    [
      deadlineMs >= 2 * callMs,
      others.function,
      'photo-deadline',
      `A photo's deadline is ${deadlineMs} ms: it must be at least twice the timeout of a call to ComplyCube, which is ${callMs} ms`,
    ],
    [
      deadLetterSeconds > retentionSeconds,
      deadLetterQueue,
      'dead-letter-retention',
      `The dead-letter queue keeps messages for ${deadLetterSeconds} s: it must keep them longer than the upload queue, which keeps them for ${retentionSeconds} s`,
    ],
    [
      concurrency * callsEach <= others.requestsPerSecond,
      others.eventSource,
      'requests-per-second',
      `${concurrency} execution environments that each start ${callsEach} calls a second break the limit of ${others.requestsPerSecond} requests a second`,
    ],
    ...leastDurations.map(([name, leastMs, consequence]): [boolean, ...Contradiction] => [
      Number(variables?.[name]) >= leastMs,
      others.function,
      'short-duration',
      `The function's ${name} is ${String(variables?.[name])}: it must be at least ${leastMs}. Otherwise ${consequence}`,
    ]),
    [
      !isAwsManagedKey(upload['KmsMasterKeyId']),
      queue,
      'queue-key',
      "The upload queue is encrypted with the AWS-managed key, which S3 and EventBridge can't use: use SQS-managed encryption or a customer managed key",
    ],
  ];
  if (existingBucket !== undefined && createdBucket(existingBucket) !== undefined) {
    contradictions.push([
      sendsToEventBridge(existingBucket),
      existingBucket,
      'bucket-events',
      'The existing bucket does not send its events to EventBridge, so no photo would be uploaded: set eventBridgeEnabled on the bucket',
    ]);
  }
  return contradictions.flatMap(([isConsistent, ...contradiction]) => (isConsistent ? [] : [contradiction]));
}

/** What can lose photos only in rare cases. */
function findRisks({ existingBucket }: CheckedResources): Contradiction[] {
  if (existingBucket === undefined || createdBucket(existingBucket) === undefined) return [];
  const versioning = writtenTemplate(existingBucket).propertiesOf(existingBucket)['VersioningConfiguration'];
  const { Status } = (versioning ?? {}) as { readonly Status?: unknown };
  // A status that is an object is known only at deployment.
  if (Status === 'Enabled' || typeof Status === 'object') return [];
  return [
    [
      existingBucket,
      'unversioned-bucket',
      'existingBucket is not versioned: if a photo is overwritten during its upload, the newer photo may never be uploaded. Turn versioning on',
    ],
  ];
}

function hours(ms: number): number {
  return Math.round(ms / 36_000) / 100;
}

/** Whether the bucket or CDK's custom resource for its notifications enables EventBridge. */
function sendsToEventBridge(bucket: IConstruct): boolean {
  const template = writtenTemplate(bucket);
  const isEnabled = (notifications: unknown): boolean => {
    const { EventBridgeConfiguration: enabling } = (notifications ?? {}) as Notifications;
    return enabling !== undefined && enabling.EventBridgeEnabled !== false;
  };
  return (
    isEnabled(template.propertiesOf(bucket)['NotificationConfiguration']) ||
    template
      .ofType('Custom::S3BucketNotifications')
      .some(
        ({ BucketName, NotificationConfiguration }) =>
          (BucketName as { Ref?: unknown } | undefined)?.Ref === template.idOf(bucket) &&
          isEnabled(NotificationConfiguration),
      )
  );
}

/** The part of S3's notification configuration that enables EventBridge. */
interface Notifications {
  readonly EventBridgeConfiguration?: { readonly EventBridgeEnabled?: boolean };
}

/** Reads the synthesized template of a construct's stack. */
function writtenTemplate(member: IConstruct) {
  const stack = Stack.of(member);
  const text = readFileSync(join(Stage.of(member)?.outdir ?? '', stack.templateFile), 'utf8');
  const { Resources } = JSON.parse(text) as { Resources: Record<string, WrittenResource> };
  const idOf = (construct: IConstruct): string =>
    stack.resolve((construct.node.defaultChild as CfnElement).logicalId) as string;
  return {
    idOf,
    propertiesOf: (construct: IConstruct): Properties => Resources[idOf(construct)]?.Properties ?? {},
    ofType: (type: string): Properties[] =>
      Object.values(Resources).flatMap(({ Type, Properties = {} }) => (Type === type ? [Properties] : [])),
  };
}

type Properties = Readonly<Record<string, unknown>>;

interface WrittenResource {
  readonly Type: string;
  readonly Properties?: Properties;
}

/** The alias of SQS's AWS-managed key, with or without an ARN before it. The ARN may be an `Fn::Join`. */
function isAwsManagedKey(keyId: unknown): boolean {
  return JSON.stringify(keyId ?? '').includes('alias/aws/sqs"');
}
