import { Stack } from 'aws-cdk-lib';
import type { CfnEventSourceMapping, CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';
import { environmentNames } from '../lambda/environment';

/** The constructs whose settings must fit together. */
export interface FittingParts {
  readonly queue: IConstruct;
  readonly deadLetterQueue: IConstruct;
  readonly function: IConstruct;
  readonly eventSource: IConstruct;
  /** Calls to ComplyCube in a second, of the whole account. */
  readonly requestsPerSecond: number;
}

/** Four days (SQS API reference, CreateQueue). */
const defaultRetentionSeconds = 345_600;
/** Thirty seconds, likewise. */
const defaultVisibilitySeconds = 30;

/**
 * Fails synth when the resources as they have become, whoever changed them since they were made, contradict each other in a
 * way that loses photos or breaks ComplyCube's limit.
 */
export function refuseContradictions(scope: Construct, parts: FittingParts): void {
  scope.node.addValidation({ validate: () => findContradictions(parts) });
}

function findContradictions(parts: FittingParts): string[] {
  const queue = parts.queue.node.defaultChild as CfnQueue;
  const deadLetterQueue = parts.deadLetterQueue.node.defaultChild as CfnQueue;
  const fn = parts.function.node.defaultChild as CfnFunction;
  const mapping = parts.eventSource.node.defaultChild as CfnEventSourceMapping;
  const { scalingConfig, environment } = resolve(fn, {
    scalingConfig: mapping.scalingConfig as CfnEventSourceMapping.ScalingConfigProperty | undefined,
    environment: fn.environment as CfnFunction.EnvironmentProperty | undefined,
  });

  const timeoutSeconds = fn.timeout ?? 3;
  const visibilitySeconds = queue.visibilityTimeout ?? defaultVisibilitySeconds;
  const retentionSeconds = queue.messageRetentionPeriod ?? defaultRetentionSeconds;
  const deadLetterSeconds = deadLetterQueue.messageRetentionPeriod ?? defaultRetentionSeconds;
  const callsEach = Number(
    (environment?.variables as Record<string, string> | undefined)?.[environmentNames.requestsPerSecond],
  );
  const concurrency = scalingConfig?.maximumConcurrency ?? Infinity;

  const contradictions: [boolean, string][] = [
    [
      visibilitySeconds < 6 * timeoutSeconds,
      `The upload queue's visibility timeout is ${visibilitySeconds} s: it must be at least 6 times the function's timeout, which is ${timeoutSeconds} s`,
    ],
    [
      deadLetterSeconds <= retentionSeconds,
      `The dead-letter queue keeps messages for ${deadLetterSeconds} s: it must keep them longer than the upload queue, which keeps them for ${retentionSeconds} s`,
    ],
    [
      !(concurrency * callsEach <= parts.requestsPerSecond),
      `${concurrency} execution environments that each start ${callsEach} calls a second break the limit of ${parts.requestsPerSecond} requests a second`,
    ],
    [
      isAwsManagedKey(queue),
      'The upload queue is encrypted with the AWS-managed key, which S3 and EventBridge can not use: use SQS-managed encryption or a customer managed key',
    ],
  ];
  return contradictions.flatMap(([isContradiction, message]) => (isContradiction ? [message] : []));
}

function resolve<Value>(scope: IConstruct, value: Value): Value {
  return Stack.of(scope).resolve(value) as Value;
}

/** SQS names its AWS-managed key by this alias, alone or at the end of an ARN. */
function isAwsManagedKey(queue: CfnQueue): boolean {
  const keyId: unknown = resolve(queue, queue.kmsMasterKeyId);
  return typeof keyId === 'string' && keyId.endsWith('alias/aws/sqs');
}
