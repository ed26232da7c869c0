import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { LivePhotoUploader, type LivePhotoUploaderProps } from './live-photo-uploader';

/**
 * Configuration of a {@link LivePhotosStack}: that of the uploader, with names and numbers in place of constructs, as a
 * command line can give them.
 */
export interface LivePhotosStackProps
  extends
    StackProps,
    Omit<
      LivePhotoUploaderProps,
      'existingBucket' | 'encryptionKey' | 'apiKeySecret' | 'uploadedExpiration' | 'rejectedExpiration' | 'eventBus'
    > {
  /** The name of a bucket that stands already and sends its events to EventBridge. */
  readonly existingBucket?: string | undefined;
  /** The ARN of the customer managed key that the bucket's photos are encrypted with. */
  readonly encryptionKeyArn?: string | undefined;
  /** The name or the ARN of a secret that stands already. */
  readonly apiKeySecret?: string | undefined;
  /** The name of the event bus that outcomes are published on. */
  readonly eventBus?: string | undefined;
  readonly uploadedExpireDays?: number | undefined;
  readonly rejectedExpireDays?: number | undefined;
}

/** One live photo uploader as a stack of its own, with the names that a person needs next as its outputs. */
export class LivePhotosStack extends Stack {
  readonly uploader: LivePhotoUploader;

  constructor(scope: Construct, id: string, props: LivePhotosStackProps = {}) {
    super(scope, id, props);
    this.uploader = new LivePhotoUploader(this, 'Uploader', {
      ...props,
      existingBucket: ifGiven(props.existingBucket, (name) => Bucket.fromBucketName(this, 'ExistingBucket', name)),
      encryptionKey: ifGiven(props.encryptionKeyArn, (arn) => Key.fromKeyArn(this, 'EncryptionKey', arn)),
      apiKeySecret: ifGiven(props.apiKeySecret, (nameOrArn) => this.findSecret(nameOrArn)),
      eventBus: ifGiven(props.eventBus, (name) => EventBus.fromEventBusName(this, 'EventBus', name)),
      uploadedExpiration: ifGiven(props.uploadedExpireDays, (days) => Duration.days(days)),
      rejectedExpiration: ifGiven(props.rejectedExpireDays, (days) => Duration.days(days)),
    });
    this.addOutputs();
  }

  private findSecret(nameOrArn: string): ISecret {
    return nameOrArn.startsWith('arn:')
      ? Secret.fromSecretCompleteArn(this, 'ExistingSecret', nameOrArn)
      : Secret.fromSecretNameV2(this, 'ExistingSecret', nameOrArn);
  }

  private addOutputs(): void {
    const { bucket, apiKeySecret, queue, deadLetterQueue, function: fn, dashboard } = this.uploader;
    const { region } = this;
    const outputs: [string, string, string][] = [
      ['PhotoBucketName', bucket.bucketName, 'The app puts its photos into this bucket'],
      [
        'ApiKeySecretId',
        apiKeySecret.secretFullArn ?? apiKeySecret.secretName,
        'The secret that holds the ComplyCube API key',
      ],
      ['UploadQueueUrl', queue.queueUrl, 'Photos on their way'],
      ['DeadLetterQueueUrl', deadLetterQueue.queueUrl, 'Photos that could not be processed'],
      [
        'DashboardUrl',
        `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`,
        'How it is doing',
      ],
      ['FunctionName', fn.functionName, 'The function that uploads the photos'],
    ];
    for (const [name, value, description] of outputs) new CfnOutput(this, name, { value, description });
  }
}

function ifGiven<Given, Made>(given: Given | undefined, make: (given: Given) => Made): Made | undefined {
  return given === undefined ? undefined : make(given);
}
