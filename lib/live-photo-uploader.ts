import type { Duration } from 'aws-cdk-lib';
import type { Alarm, Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ApiKeySecret } from './api-key-secret';
import { type GrantedPhotos, grantReadingOutcomes, grantUploadByForm } from './app-grants';
import { ClaimsBucket } from './claims-bucket';
import { announceExistingBucket } from './existing-bucket';
import { saveLogQueries } from './log-queries';
import { PhotoBucket } from './photo-bucket';
import { refuseContradictions } from './refuse-contradictions';
import { UploadFunction } from './upload-function';
import { UploadQueues } from './upload-queues';
import { UploaderAlarms } from './uploader-alarms';
import { UploaderDashboard } from './uploader-dashboard';
import { ConfigurationError, validateProps } from './validate-props';

/** Configuration of a {@link LivePhotoUploader}; everything has a default. */
export interface LivePhotoUploaderProps {
  /** A bucket that stands already and sends its events to EventBridge. Default: one is made. */
  readonly existingBucket?: IBucket;
  /** The name of the bucket that is made. Default: CloudFormation generates one. */
  readonly bucketName?: string;
  /** The customer managed key that the bucket's photos are encrypted with. Default: keys that S3 manages. */
  readonly encryptionKey?: IKey;
  /** Only photo objects whose key begins so are processed. Default: all. */
  readonly keyPrefix?: string;
  /** Whether a key once written can't be written again; apps then put with `If-None-Match: *`. Default: false. */
  readonly forbidOverwrites?: boolean;
  /** The origins whose pages may post photos with an upload grant, such as `https://app.example.com`. Default: none. */
  readonly uploadOrigins?: readonly string[];
  /** How long a photo that was uploaded is kept, from its creation; whole days. If overwritten, a day from then on. Default: for ever. */
  readonly uploadedExpiration?: Duration;
  /** Likewise for a photo that was rejected. Default: for ever. */
  readonly rejectedExpiration?: Duration;
  /** The secret that holds the ComplyCube API key: the bare key, or JSON with `apiKey`. Default: one is made, without a value. */
  readonly apiKeySecret?: ISecret;
  /** ComplyCube's API. Default: `https://api.complycube.com/v1`. */
  readonly complyCubeBaseUrl?: string;
  /** Calls to ComplyCube in a second, of the whole account: 10 with a live key, 5 in the sandbox. Default: 10. */
  readonly requestsPerSecond?: number;
  /** Execution environments that work at the same time, 2 to `requestsPerSecond`. Default: 2. */
  readonly maxConcurrency?: number;
  /** Whether ComplyCube checks liveness where a photo object does not say. Default: ComplyCube's own, which is true. */
  readonly performLivenessCheck?: boolean;
  /** Where each outcome is published. Default: the account's default event bus. */
  readonly eventBus?: IEventBus;
  /** Who is told when an alarm goes off. Default: nobody; alarms show on the dashboard. */
  readonly alarmEmail?: string;
  /** Where the alarms' descriptions point to. Default: `docs/runbook.md`, as the package has it. */
  readonly runbookUrl?: string;
  /** How long the function's logs are kept. Default: three months. */
  readonly logRetention?: RetentionDays;
}

/**
 * A bucket whose new photo objects become live photos at ComplyCube, each tagged with its outcome.
 *
 * Photo objects reach the function through a queue; what can't be processed ends in a dead-letter queue.
 * @throws ConfigurationError when a value is out of bounds or contradicts another.
 */
export class LivePhotoUploader extends Construct {
  /** Where the app puts its photos. */
  readonly bucket: IBucket;
  /** Photos on their way. */
  readonly queue: IQueue;
  /** Photos that could not be processed. */
  readonly deadLetterQueue: IQueue;
  /** The secret that holds the ComplyCube API key. */
  readonly apiKeySecret: ISecret;
  /** The function that uploads the photos. */
  readonly function: IFunction;
  readonly alarms: readonly Alarm[];
  readonly dashboard: Dashboard;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: LivePhotoUploaderProps = {},
  ) {
    super(scope, id);
    const { keyPrefix, requestsPerSecond = 10, maxConcurrency = 2 } = props;
    validateProps({ ...props, requestsPerSecond, maxConcurrency });

    const queues = new UploadQueues(this, 'Queues');
    this.queue = queues.upload;
    this.deadLetterQueue = queues.deadLetter;

    let ownBucket: PhotoBucket | undefined;
    if (props.existingBucket === undefined) {
      this.bucket = ownBucket = new PhotoBucket(this, 'PhotoBucket', { ...props, queue: queues.upload });
    } else {
      this.bucket = props.existingBucket;
      announceExistingBucket(this, { bucket: this.bucket, keyPrefix, queue: queues.upload });
    }
    let ownSecret: ApiKeySecret | undefined;
    if (props.apiKeySecret === undefined) {
      ownSecret = new ApiKeySecret(this, 'ApiKey');
      this.apiKeySecret = ownSecret.secret;
    } else {
      this.apiKeySecret = props.apiKeySecret;
    }

    const upload = new UploadFunction(this, 'Upload', {
      bucket: this.bucket,
      claimsBucket: new ClaimsBucket(this, 'Claims'),
      encryptionKey: props.encryptionKey,
      keyPrefix,
      queue: this.queue,
      deadLetterQueue: this.deadLetterQueue,
      apiKeySecret: this.apiKeySecret,
      complyCubeBaseUrl: props.complyCubeBaseUrl ?? 'https://api.complycube.com/v1',
      requestsPerSecond: Math.floor(requestsPerSecond / maxConcurrency),
      maxConcurrency,
      performLivenessCheck: props.performLivenessCheck,
      eventBus: props.eventBus ?? EventBus.fromEventBusName(this, 'DefaultEventBus', 'default'),
      logRetention: props.logRetention ?? RetentionDays.THREE_MONTHS,
    });
    this.function = upload.function;
    this.alarms = new UploaderAlarms(this, 'Alarms', {
      function: this.function,
      deadLetterQueue: this.deadLetterQueue,
      email: props.alarmEmail,
      runbookUrl: props.runbookUrl ?? 'docs/runbook.md',
    }).alarms;
    this.dashboard = new UploaderDashboard(this, 'Dashboard', {
      function: this.function,
      queue: this.queue,
      deadLetterQueue: this.deadLetterQueue,
      alarms: this.alarms,
    });
    saveLogQueries(this, upload.logGroup);
    ownBucket?.protectOutcomeTags(upload.role);
    ownSecret?.keepFor(upload.role);
    refuseContradictions(this, {
      queue: this.queue,
      deadLetterQueue: this.deadLetterQueue,
      function: upload.function,
      eventSource: upload.eventSource,
      requestsPerSecond,
    });
  }

  /**
   * Lets the app's back end sign upload grants: it may put photo objects by form alone, encrypted as the bucket is, without tags,
   * within 15 minutes of signing. Which client ID it signs, IAM can't say.
   * @throws ConfigurationError with `forbidOverwrites`: S3 documents `If-None-Match` for PUT alone, so every form would be refused.
   */
  grantUpload(grantee: IGrantable): Grant {
    if (this.props.forbidOverwrites === true) {
      throw new ConfigurationError(
        'grantUpload contradicts forbidOverwrites: leave that out, a grant has a key of its own',
      );
    }
    return grantUploadByForm(grantee, this.grantedPhotos);
  }

  /** Lets the app's back end read how photos ended. */
  grantReadOutcomes(grantee: IGrantable): Grant {
    return grantReadingOutcomes(grantee, this.grantedPhotos);
  }

  private get grantedPhotos(): GrantedPhotos {
    const { keyPrefix, encryptionKey } = this.props;
    return { bucket: this.bucket, keyPrefix, encryptionKey };
  }
}
