import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
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
import { Construct } from 'constructs';
import { functionTimeoutMs } from '../contract/durations';
import { durationVariables, environmentNames } from '../contract/environment';
import { findFunctionBundle, functionHandler } from './function-code';
import { createFunctionRole, type FunctionRoleProps } from './function-role';

/** Configuration of an {@link UploadFunction}. */
export interface UploadFunctionProps extends Omit<FunctionRoleProps, 'logGroup'> {
  readonly complyCubeBaseUrl: string;
  /** The number of calls to ComplyCube that one execution environment may start per second. */
  readonly requestsPerSecond: number;
  readonly maxConcurrency: number;
  readonly performLivenessCheck: boolean | undefined;
  /** The name of the metadata that holds the client ID. */
  readonly clientIdMetadata: string;
  /** Whether only named operators may send to the queue. Otherwise the function refuses erasures. */
  readonly areOperatorsNamed: boolean;
  readonly logRetention: RetentionDays;
}

/** The function with its role and log group, and its event source mapping from the upload queue. */
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
      ...(props.pipelineKey !== undefined && { encryptionKey: props.pipelineKey }),
    });
    this.role = createFunctionRole(this, { ...props, logGroup: this.logGroup });
    this.function = new Function(this, 'Function', {
      description: 'Uploads photo objects to ComplyCube as live photos and tags them with the outcome',
      code: Code.fromAsset(findFunctionBundle()),
      handler: functionHandler,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // The cheapest size with room for ten redelivered photos of 4 MB (`npm run bench -- --memory`).
      memorySize: 512,
      timeout: Duration.millis(functionTimeoutMs),
      loggingFormat: LoggingFormat.JSON,
      logGroup: this.logGroup,
      role: this.role,
      environment: {
        ...durationVariables,
        [environmentNames.apiKeySecretId]: props.apiKeySecret.secretFullArn ?? props.apiKeySecret.secretName,
        [environmentNames.claimsBucket]: props.claimsBucket.bucketName,
        [environmentNames.clientIdMetadata]: props.clientIdMetadata,
        [environmentNames.complyCubeBaseUrl]: props.complyCubeBaseUrl,
        [environmentNames.deadLetterQueueUrl]: props.deadLetterQueue.queueUrl,
        // PutEvents accepts a name or an ARN. A name would mean a bus of this account.
        [environmentNames.eventBusName]: props.eventBus.eventBusArn,
        ...(props.areOperatorsNamed && { [environmentNames.operatorsNamed]: 'true' }),
        [environmentNames.photoBucket]: props.bucket.bucketName,
        [environmentNames.requestsPerSecond]: String(props.requestsPerSecond),
        [environmentNames.uploadQueueUrl]: props.queue.queueUrl,
        ...(!props.keyPrefixes.includes('') && { [environmentNames.keyPrefixes]: props.keyPrefixes.join(',') }),
        ...(props.performLivenessCheck !== undefined && {
          [environmentNames.performLivenessCheck]: String(props.performLivenessCheck),
        }),
      },
    });
    // The L2's `tracing` property would add X-Ray's statement to the role, where its wildcard can't be acknowledged alone.
    (this.function.node.defaultChild as CfnFunction).tracingConfig = { mode: 'Active' };
    this.eventSource = new EventSourceMapping(this, 'UploadQueue', {
      target: this.function,
      eventSourceArn: props.queue.queueArn,
      batchSize: 10,
      // Reserved concurrency would throttle after the receive, and each receive counts toward maxReceiveCount.
      maxConcurrency: props.maxConcurrency,
      reportBatchItemFailures: true,
    });
  }
}
