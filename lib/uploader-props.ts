import type { Duration, StackProps } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/** Configuration of a `LivePhotoUploader`. Everything is optional. */
export interface LivePhotoUploaderProps {
  /** An existing bucket that sends its events to EventBridge. Default: a new bucket. */
  readonly existingBucket?: IBucket | undefined;
  /** The name of the new bucket. Default: CloudFormation generates one. */
  readonly bucketName?: string;
  /**
   * The customer managed key that the bucket's photos are encrypted with. Default: the key that `existingBucket` carries, for a
   * new bucket keys that S3 manages.
   */
  readonly encryptionKey?: IKey | undefined;
  /** Only photo objects whose key starts with this prefix are processed. Default: all. Several: `keyPrefixes`. */
  readonly keyPrefix?: string;
  /** The same for 1 to 10 prefixes, of which none begins with another. Can't be combined with `keyPrefix`. */
  readonly keyPrefixes?: readonly string[];
  /** The name of the S3 user metadata that holds the client ID, without `x-amz-meta-`. Default: `client-id`. */
  readonly clientIdMetadata?: string;
  /** If true, nobody can overwrite an existing key, and apps must put with `If-None-Match: *`. Default: false. */
  readonly forbidOverwrites?: boolean;
  /** The origins whose pages may post photos with an upload grant, such as `https://app.example.com`. Default: none. */
  readonly uploadOrigins?: readonly string[];
  /**
   * How long after its creation an uploaded photo is deleted, in whole days. An overwritten version is deleted one day after
   * it was overwritten. Default: never.
   */
  readonly uploadedExpiration?: Duration | undefined;
  /** The same for rejected photos. Default: never. */
  readonly rejectedExpiration?: Duration | undefined;
  /** The same for erased photos. Default: one day. */
  readonly erasedExpiration?: Duration | undefined;
  /**
   * The roles that may tag photo objects that have an outcome, such as the role of GuardDuty's malware protection. They can't
   * write, change or remove an outcome. Default: none; only the function tags such objects.
   */
  readonly trustedTaggers?: readonly IRole[] | undefined;
  /**
   * The secret with the ComplyCube API key: the bare key, or JSON with `apiKey`. It can be the secret that another uploader of
   * the same stack creates. Default: a new secret without a value.
   */
  readonly apiKeySecret?: ISecret | undefined;
  /**
   * The customer managed key that encrypts `apiKeySecret`. Required only for a secret that was imported without its key.
   * Default: the key that `apiKeySecret` carries.
   */
  readonly apiKeySecretKey?: IKey | undefined;
  /**
   * The customer managed key that encrypts claims, queues, the function's log, the alarm topic, and the secret that the stack
   * creates. The policy of a key that this app creates gets the statements that AWS services need. Default: keys that AWS manages.
   */
  readonly pipelineKey?: IKey | undefined;
  /** The bucket that receives the access logs of the buckets that the stack creates. Default: none. */
  readonly accessLogsBucket?: IBucket | undefined;
  /** ComplyCube's API. Default: `https://api.complycube.com/v1`. */
  readonly complyCubeBaseUrl?: string;
  /** The account's limit of calls to ComplyCube per second: 10 with a live key, 5 in the sandbox. Default: 10. */
  readonly requestsPerSecond?: number;
  /** The highest number of concurrent execution environments, 2 to `requestsPerSecond`. Default: 2. */
  readonly maxConcurrency?: number;
  /** Whether ComplyCube checks liveness if a photo object does not say so. Default: ComplyCube's default, which is true. */
  readonly performLivenessCheck?: boolean;
  /**
   * The only roles, besides the function's, that may send to the queues, and receive, delete and purge their messages. They also
   * need the permission. Default: every principal with the permission, and the function erases no photo.
   */
  readonly operators?: readonly IRole[] | undefined;
  /** How long the evidence of an erasure is kept, in whole days. Default: three years, as 1,096 days. */
  readonly evidenceRetention?: Duration | undefined;
  /** The event bus on which outcomes are published. Default: the account's default event bus. */
  readonly eventBus?: IEventBus | undefined;
  /** The address that is notified when an alarm fires. Default: none; alarms show on the dashboard. */
  readonly alarmEmail?: string;
  /** The address of the runbook, for the descriptions of alarms. Default: `docs/runbook.md`, as in the package. */
  readonly runbookUrl?: string;
  /** How long the function's logs are kept. Default: three months. */
  readonly logRetention?: RetentionDays;
}

/**
 * Configuration of a `LivePhotosStack`: that of the uploader, with names and numbers instead of constructs, so that it can
 * be given on a command line.
 */
export interface LivePhotosStackProps
  extends
    StackProps,
    Omit<
      LivePhotoUploaderProps,
      | 'existingBucket'
      | 'encryptionKey'
      | 'apiKeySecret'
      | 'apiKeySecretKey'
      | 'pipelineKey'
      | 'accessLogsBucket'
      | 'operators'
      | 'trustedTaggers'
      | 'uploadedExpiration'
      | 'rejectedExpiration'
      | 'erasedExpiration'
      | 'evidenceRetention'
      | 'eventBus'
    > {
  /** The name of an existing bucket that sends its events to EventBridge. */
  readonly existingBucket?: string | undefined;
  /** The ARN of the customer managed key that the bucket's photos are encrypted with. */
  readonly encryptionKeyArn?: string | undefined;
  /** The name or the ARN of an existing secret. */
  readonly apiKeySecret?: string | undefined;
  /** The ARNs of the roles of trusted taggers. */
  readonly trustedTaggerRoleArns?: readonly string[] | undefined;
  /** The ARNs of the operators' roles. */
  readonly operatorRoleArns?: readonly string[] | undefined;
  /** The ARN of the customer managed key that encrypts the existing secret. */
  readonly apiKeySecretKeyArn?: string | undefined;
  /** The ARN of the customer managed key that encrypts everything except photos and an existing secret. */
  readonly pipelineKeyArn?: string | undefined;
  /** The name of the bucket that receives the access logs. */
  readonly accessLogsBucket?: string | undefined;
  /** The name or the ARN of the event bus on which outcomes are published. */
  readonly eventBus?: string | undefined;
  readonly uploadedExpireDays?: number | undefined;
  readonly rejectedExpireDays?: number | undefined;
  readonly erasedExpireDays?: number | undefined;
  readonly evidenceRetentionDays?: number | undefined;
}
