import { Duration, Stack } from 'aws-cdk-lib';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { type IRole, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { LivePhotoUploader } from './live-photo-uploader';
import type { LivePhotosStackProps } from './uploader-props';
import { sharedProps, validateStackProps } from './validate-props';

/** A stack with one live photo uploader, which the command line can operate. */
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
    this.uploader.addOutputs();
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
}

function optional<Value, Result>(value: Value | undefined, make: (value: Value) => Result): Result | undefined {
  return value === undefined ? undefined : make(value);
}
