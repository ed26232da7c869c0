import {
  type CfnElement,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Stack,
  Stage,
  Validations,
} from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentNames } from '../lambda/environment';

/** The constructs whose settings must fit together; all in one stack. */
export interface FittingParts {
  readonly queue: IConstruct;
  readonly deadLetterQueue: IConstruct;
  readonly function: IConstruct;
  readonly eventSource: IConstruct;
  /** Calls to ComplyCube in a second, of the whole account. */
  readonly requestsPerSecond: number;
}

/**
 * Fails synth when the resources as they have become, whoever changed them since they were made, contradict each other in a
 * way that loses photos, uploads them twice or breaks ComplyCube's limit.
 *
 * The template that was written is looked at, not the constructs: these don't tell what was overridden.
 */
export function refuseContradictions(scope: Construct, parts: FittingParts): void {
  const plugin: IPolicyValidationPlugin = {
    name: 'LivePhotoUploader',
    validate: () => report(parts),
  };
  Validations.of(scope).addPlugins(plugin);
}

function report(parts: FittingParts): PolicyValidationPluginReport {
  const violations = findContradictions(parts).map(([construct, ruleName, description]): PolicyViolation => ({
    ruleName,
    description,
    // Of the severities this one alone can't be acknowledged away.
    severity: 'fatal',
    violatingResources: [{ constructPath: construct.node.path, locations: [] }],
  }));
  return { success: violations.length === 0, violations };
}

/** What is wrong: with which construct, a name for it, and what to do. */
type Contradiction = readonly [construct: IConstruct, name: string, message: string];

/** Four days (SQS API reference, CreateQueue). */
const defaultRetentionSeconds = 345_600;
/** Thirty seconds, likewise. */
const defaultVisibilitySeconds = 30;
/** Three seconds (Lambda API reference, CreateFunction). */
const defaultTimeoutSeconds = 3;

function findContradictions({ queue, deadLetterQueue, ...parts }: FittingParts): Contradiction[] {
  const template = writtenTemplate(queue);
  const upload = template.propertiesOf(queue);
  const deadLetter = template.propertiesOf(deadLetterQueue);
  const fn = template.propertiesOf(parts.function);
  const mapping = template.propertiesOf(parts.eventSource);

  const timeoutSeconds = Number(fn['Timeout'] ?? defaultTimeoutSeconds);
  const visibilitySeconds = Number(upload['VisibilityTimeout'] ?? defaultVisibilitySeconds);
  const retentionSeconds = Number(upload['MessageRetentionPeriod'] ?? defaultRetentionSeconds);
  const deadLetterSeconds = Number(deadLetter['MessageRetentionPeriod'] ?? defaultRetentionSeconds);
  const variables = (fn['Environment'] as { Variables?: Record<string, unknown> } | undefined)?.Variables;
  const callsEach = Number(variables?.[environmentNames.requestsPerSecond]);
  const leaseMs = Number(variables?.[environmentNames.claimLeaseMs]);
  const callMs = Number(variables?.[environmentNames.callTimeoutMs]);
  const scaling = mapping['ScalingConfig'] as { MaximumConcurrency?: unknown } | undefined;
  const concurrency = Number(scaling?.MaximumConcurrency ?? Infinity);

  // What is known at deployment only is no number here, and can't be shown to fit.
  const contradictions: [isFitting: boolean, ...Contradiction][] = [
    [
      visibilitySeconds >= 6 * timeoutSeconds,
      queue,
      'visibility-timeout',
      `The upload queue's visibility timeout is ${visibilitySeconds} s: it must be at least 6 times the function's timeout, which is ${timeoutSeconds} s`,
    ],
    // A claim that ends while its holder may still work lets another upload the same photo.
    [
      leaseMs > timeoutSeconds * 1000 + callMs,
      parts.function,
      'claim-lease',
      `A claim on a photo is held for ${leaseMs} ms: it must be longer than the function's timeout and a call to ComplyCube together, which are ${timeoutSeconds * 1000} ms and ${callMs} ms`,
    ],
    [
      deadLetterSeconds > retentionSeconds,
      deadLetterQueue,
      'dead-letter-retention',
      `The dead-letter queue keeps messages for ${deadLetterSeconds} s: it must keep them longer than the upload queue, which keeps them for ${retentionSeconds} s`,
    ],
    [
      concurrency * callsEach <= parts.requestsPerSecond,
      parts.eventSource,
      'requests-per-second',
      `${concurrency} execution environments that each start ${callsEach} calls a second break the limit of ${parts.requestsPerSecond} requests a second`,
    ],
    [
      !isAwsManagedKey(upload['KmsMasterKeyId']),
      queue,
      'queue-key',
      'The upload queue is encrypted with the AWS-managed key, which S3 and EventBridge can not use: use SQS-managed encryption or a customer managed key',
    ],
  ];
  return contradictions.flatMap(([isFitting, ...contradiction]) => (isFitting ? [] : [contradiction]));
}

/** Reads the template that the stack of these constructs was written to. */
function writtenTemplate(part: IConstruct) {
  const stack = Stack.of(part);
  const text = readFileSync(join(Stage.of(part)?.outdir ?? '', stack.templateFile), 'utf8');
  const { Resources } = JSON.parse(text) as { Resources: Record<string, { Properties?: Record<string, unknown> }> };
  return {
    propertiesOf(construct: IConstruct): Readonly<Record<string, unknown>> {
      const id = stack.resolve((construct.node.defaultChild as CfnElement).logicalId) as string;
      return Resources[id]?.Properties ?? {};
    },
  };
}

/** SQS names its AWS-managed key by this alias, alone or at the end of an ARN, which may be joined of parts. */
function isAwsManagedKey(keyId: unknown): boolean {
  return JSON.stringify(keyId ?? '').includes('alias/aws/sqs"');
}
