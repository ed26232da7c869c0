import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  EventSourceMapping,
  Function,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { environmentNames } from '../lambda/environment';
import { findFunctionBundle, functionHandler } from './function-code';

/** The longest that one batch may take: one call to ComplyCube, its limits included, fits in twice. */
export const functionTimeout = Duration.seconds(60);

/** Configuration of an {@link UploadFunction}. */
export interface UploadFunctionProps {
  readonly bucket: IBucket;
  readonly queue: IQueue;
  readonly apiKeySecret: ISecret;
  readonly requestsPerSecond: number;
  readonly maxConcurrency: number;
  readonly complyCubeBaseUrl: string;
}

/** The one function, its role, its log group, and the mapping that feeds it from the upload queue. */
export class UploadFunction extends Construct {
  readonly function: Function;

  constructor(scope: Construct, id: string, props: UploadFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.function = new Function(this, 'Function', {
      description: 'Uploads photo objects to ComplyCube as live photos and tags them with the outcome',
      code: Code.fromAsset(findFunctionBundle()),
      handler: functionHandler,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: functionTimeout,
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role: this.createRole(props, logGroup),
      environment: {
        [environmentNames.apiKeySecretId]: props.apiKeySecret.secretArn,
        [environmentNames.complyCubeBaseUrl]: props.complyCubeBaseUrl,
        [environmentNames.requestsPerSecond]: String(props.requestsPerSecond / props.maxConcurrency),
        [environmentNames.uploadQueueUrl]: props.queue.queueUrl,
      },
    });
    new EventSourceMapping(this, 'UploadQueue', {
      target: this.function,
      eventSourceArn: props.queue.queueArn,
      batchSize: 10,
      // Not reserved concurrency: that throttles after receiving, and receives count toward the dead-letter queue.
      maxConcurrency: props.maxConcurrency,
      reportBatchItemFailures: true,
    });
  }

  /** Grants each call that the function makes and nothing else, where the L2 grants would give more. */
  private createRole({ bucket, queue, apiKeySecret }: UploadFunctionProps, logGroup: LogGroup): Role {
    const allow = (actions: string[], resource: string): PolicyStatement =>
      new PolicyStatement({ actions, resources: [resource] });
    const photoActions = ['GetObject', 'GetObjectTagging', 'PutObjectTagging'];
    return new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        UploadPhotos: new PolicyDocument({
          statements: [
            allow(
              photoActions.map((action) => `s3:${action}`),
              bucket.arnForObjects('*'),
            ),
            allow(
              photoActions.map((action) => `s3:${action.replace('Object', 'ObjectVersion')}`),
              bucket.arnForObjects('*'),
            ),
            // Without it S3 answers 403 where an object is gone, which can't be told from a fault of ours.
            allow(['s3:ListBucket'], bucket.bucketArn),
            allow(
              ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
              queue.queueArn,
            ),
            allow(['secretsmanager:GetSecretValue'], apiKeySecret.secretArn),
            allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
          ],
        }),
      },
    });
  }
}
