import { Aws, CfnCondition, CfnOutput, Duration, Fn, Stack } from 'aws-cdk-lib';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { type IRole, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { defaultEvidenceRetention } from './claims-bucket';
import { LivePhotoUploader } from './live-photo-uploader';
import { defaultErasedExpiration } from './photo-bucket';
import type { LivePhotosStackProps } from './uploader-props';
import { sharedProps, validateStackProps } from './validate-props';

/** A stack with one live photo uploader. Its outputs are the names that users need after the deployment. */
export class LivePhotosStack extends Stack {
  readonly uploader: LivePhotoUploader;

  constructor(scope: Construct, id: string, props: LivePhotosStackProps = {}) {
    validateStackProps(props);
    super(scope, id, props);
    this.uploader = new LivePhotoUploader(this, 'Uploader', {
      ...sharedProps(props),
      existingBucket: optional(props.existingBucket, (name) => Bucket.fromBucketName(this, 'ExistingBucket', name)),
      encryptionKey: optional(props.encryptionKeyArn, (arn) => Key.fromKeyArn(this, 'EncryptionKey', arn)),
      apiKeySecret: optional(props.apiKeySecret, (nameOrArn) => this.findSecret(nameOrArn)),
      trustedTaggers: this.findRoles('trustedTaggerRoleArns', props.trustedTaggerRoleArns),
      operators: this.findRoles('operatorRoleArns', props.operatorRoleArns),
      apiKeySecretKey: optional(props.apiKeySecretKeyArn, (arn) => Key.fromKeyArn(this, 'ApiKeySecretKey', arn)),
      pipelineKey: optional(props.pipelineKeyArn, (arn) => Key.fromKeyArn(this, 'PipelineKey', arn)),
      accessLogsBucket: optional(props.accessLogsBucket, (name) => Bucket.fromBucketName(this, 'AccessLogs', name)),
      eventBus: optional(props.eventBus, (nameOrArn) => this.findEventBus(nameOrArn)),
      uploadedExpiration: optional(props.uploadedExpireDays, (days) => Duration.days(days)),
      rejectedExpiration: optional(props.rejectedExpireDays, (days) => Duration.days(days)),
      erasedExpiration: optional(props.erasedExpireDays, (days) => Duration.days(days)),
      evidenceRetention: optional(props.evidenceRetentionDays, (days) => Duration.days(days)),
    });
    this.addOutputs(props);
  }

  private findSecret(nameOrArn: string): ISecret {
    return nameOrArn.startsWith('arn:')
      ? Secret.fromSecretCompleteArn(this, 'ExistingSecret', nameOrArn)
      : Secret.fromSecretNameV2(this, 'ExistingSecret', nameOrArn);
  }

  private findRoles(
    setting: 'operatorRoleArns' | 'trustedTaggerRoleArns',
    arns: readonly string[] | undefined,
  ): readonly IRole[] | undefined {
    return arns?.map((arn, at) => Role.fromRoleArn(this, `${setting}${at + 1}`, arn, { mutable: false }));
  }

  private findEventBus(nameOrArn: string): IEventBus {
    return nameOrArn.startsWith('arn:')
      ? EventBus.fromEventBusArn(this, 'EventBus', nameOrArn)
      : EventBus.fromEventBusName(this, 'EventBus', nameOrArn);
  }

  private addOutputs({ existingBucket, erasedExpireDays, evidenceRetentionDays }: LivePhotosStackProps): void {
    const {
      bucket,
      apiKeySecret,
      queue,
      deadLetterQueue,
      undeliveredEventsQueue,
      function: fn,
      dashboard,
    } = this.uploader;
    const { region } = this;
    const outputs: Output[] = [
      ['PhotoBucketName', bucket.bucketName, 'The app puts its photos into this bucket'],
      [
        'ApiKeySecretId',
        apiKeySecret.secretFullArn ?? apiKeySecret.secretName,
        'The secret that holds the ComplyCube API key',
      ],
      ['UploadQueueUrl', queue.queueUrl, 'Photos that wait for the function or are being processed'],
      ['DeadLetterQueueUrl', deadLetterQueue.queueUrl, 'Photos that could not be processed'],
      [
        'DashboardUrl',
        `https://${region}.console.${this.consoleDomain()}/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`,
        'The dashboard of the pipeline',
      ],
      ...(undeliveredEventsQueue === undefined
        ? []
        : [
            [
              'UndeliveredEventsQueueUrl',
              undeliveredEventsQueue.queueUrl,
              'Events that EventBridge could not deliver to the upload queue',
            ] satisfies Output,
          ]),
      ['FunctionName', fn.functionName, 'The function that uploads the photos'],
      [
        'EvidenceRetentionDays',
        String(evidenceRetentionDays ?? defaultEvidenceRetention.toDays()),
        'How many days S3 keeps the evidence of an erasure',
      ],
      ...(existingBucket !== undefined
        ? []
        : [
            [
              'ErasedExpireDays',
              String(erasedExpireDays ?? defaultErasedExpiration.toDays()),
              'How many days old an erased photo is when S3 deletes it',
            ] satisfies Output,
          ]),
    ];
    for (const [name, value, description] of outputs) new CfnOutput(this, name, { value, description });
  }

  /** The partition is known only at deployment, unless the app sets the stack's region. */
  private consoleDomain(): string {
    return Object.entries(consoleDomains).reduce((otherwise, [partition, domain]) => {
      const id = `IsPartition${partition.replaceAll('-', '')}`;
      new CfnCondition(this, id, { expression: Fn.conditionEquals(Aws.PARTITION, partition) });
      return Fn.conditionIf(id, domain, otherwise).toString();
    }, 'aws.amazon.com');
  }
}

/** The console's domain in partitions where it is another (AWS General Reference, "Management console endpoints"). */
const consoleDomains = { 'aws-cn': 'amazonaws.cn', 'aws-us-gov': 'amazonaws-us-gov.com' } as const;

type Output = [name: string, value: string, description: string];

function optional<Value, Result>(value: Value | undefined, make: (value: Value) => Result): Result | undefined {
  return value === undefined ? undefined : make(value);
}
