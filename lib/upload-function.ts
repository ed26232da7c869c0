import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  type CfnFunction,
  Code,
  EventSourceMapping,
  Function,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { functionTimeoutMs } from '../contract/durations';
import { durationVariables, environmentNames } from '../contract/environment';
import { findFunctionBundle, functionHandler } from './function-code';
import { createFunctionRole } from './function-role';

/** Configuration of an {@link UploadFunction}. */
export interface UploadFunctionProps {
  readonly bucket: IBucket;
  readonly claimsBucket: IBucket;
  readonly encryptionKey: IKey | undefined;
  readonly keyPrefix: string | undefined;
  readonly queue: IQueue;
  /** Where the function sends messages that are no event. */
  readonly deadLetterQueue: IQueue;
  readonly apiKeySecret: ISecret;
  readonly complyCubeBaseUrl: string;
  /** Calls to ComplyCube that one execution environment may start in a second. */
  readonly requestsPerSecond: number;
  readonly maxConcurrency: number;
  readonly performLivenessCheck: boolean | undefined;
  readonly eventBus: IEventBus;
  readonly logRetention: RetentionDays;
}

/** The one function, its role, its log group, and the mapping that feeds it from the upload queue. */
export class UploadFunction extends Construct {
  readonly function: Function;
  readonly role: IRole;
  readonly eventSource: EventSourceMapping;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: UploadFunctionProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = createFunctionRole(this, { ...props, logGroup: this.logGroup });
    this.function = new Function(this, 'Function', {
      description: 'Uploads photo objects to ComplyCube as live photos and tags them with the outcome',
      code: Code.fromAsset(findFunctionBundle()),
      handler: functionHandler,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // The cheapest with room for ten photos of 4 MB that come again: `npm run bench -- --memory` shows it.
      memorySize: 512,
      timeout: Duration.millis(functionTimeoutMs),
      loggingFormat: LoggingFormat.JSON,
      logGroup: this.logGroup,
      role: this.role,
      environment: {
        ...durationVariables,
        [environmentNames.apiKeySecretId]: props.apiKeySecret.secretFullArn ?? props.apiKeySecret.secretName,
        [environmentNames.claimsBucket]: props.claimsBucket.bucketName,
        [environmentNames.complyCubeBaseUrl]: props.complyCubeBaseUrl,
        [environmentNames.deadLetterQueueUrl]: props.deadLetterQueue.queueUrl,
        [environmentNames.eventBusName]: props.eventBus.eventBusName,
        [environmentNames.photoBucket]: props.bucket.bucketName,
        [environmentNames.requestsPerSecond]: String(props.requestsPerSecond),
        [environmentNames.uploadQueueUrl]: props.queue.queueUrl,
        ...(props.performLivenessCheck !== undefined && {
          [environmentNames.performLivenessCheck]: String(props.performLivenessCheck),
        }),
      },
    });
    // The L2's own property would add X-Ray's statement to whatever else is added to the role.
    (this.function.node.defaultChild as CfnFunction).tracingConfig = { mode: 'Active' };
    this.eventSource = new EventSourceMapping(this, 'UploadQueue', {
      target: this.function,
      eventSourceArn: props.queue.queueArn,
      batchSize: 10,
      // Not reserved concurrency: that throttles after receiving, and receives count toward the dead-letter queue.
      maxConcurrency: props.maxConcurrency,
      reportBatchItemFailures: true,
    });
  }
}
