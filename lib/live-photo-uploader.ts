import type { Alarm, Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { EventBus, type IRule } from 'aws-cdk-lib/aws-events';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { metadataNames } from '../contract/photo-rules';
import { ApiKeySecret } from './api-key-secret';
import {
  addUploadEnvironment,
  type BackEnd,
  type GrantedPhotos,
  grantReadOutcomes,
  grantUploadByForm,
} from './app-grants';
import { ClaimsBucket, defaultEvidenceRetention } from './claims-bucket';
import { addObjectCreatedRule, checkExistingBucket, namesOf, refuseSharedPhotos } from './existing-bucket';
import { saveLogQueries } from './log-queries';
import { defaultErasedExpiration, PhotoBucket } from './photo-bucket';
import { allowServices } from './pipeline-key';
import { refuseElsewhere } from './place';
import { checkAccessLogs } from './private-bucket';
import { refuseContradictions } from './refuse-contradictions';
import { shareOfCalls } from './share-of-calls';
import { warnOfSharedAccount } from './shared-account';
import { addStackOutputs, dashboardUrl, daysOf } from './stack-outputs';
import { UploadFunction } from './upload-function';
import { restrictQueues, UploadQueues } from './upload-queues';
import { UploaderAlarms } from './uploader-alarms';
import { UploaderDashboard } from './uploader-dashboard';
import type { LivePhotoUploaderProps } from './uploader-props';
import { ConfigurationError, defaultPace, validateProps } from './validate-props';

/**
 * A bucket whose new photo objects are uploaded to ComplyCube as live photos. Each object is tagged with its outcome.
 *
 * The function receives photo objects through a queue. Messages that it can't process reach a dead-letter queue.
 * @throws ConfigurationError if a value is out of bounds or contradicts another.
 */
export class LivePhotoUploader extends Construct {
  /** The bucket that the app puts its photos into. */
  readonly bucket: IBucket;
  /** Photos that wait for the function or are being processed. */
  readonly queue: IQueue;
  /** Photos that could not be processed. */
  readonly deadLetterQueue: IQueue;
  /** Events that EventBridge could not deliver to the queue. Only for an existing bucket. */
  readonly undeliveredEventsQueue: IQueue | undefined;
  /** The secret that holds the ComplyCube API key. */
  readonly apiKeySecret: ISecret;
  /** The function that uploads the photos. */
  readonly function: IFunction;
  readonly alarms: readonly Alarm[];
  readonly dashboard: Dashboard;
  /** The empty text is the beginning of every key. */
  private readonly keyPrefixes: readonly string[];
  private readonly objectCreatedRule: IRule | undefined;
  private readonly alarmTopic: ITopic | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: LivePhotoUploaderProps = {},
  ) {
    super(scope, id);
    validateProps(props);
    const { requestsPerSecond = defaultPace.requestsPerSecond, maxConcurrency = defaultPace.maxConcurrency } = props;
    const { encryptionKey, apiKeySecretKey, pipelineKey } = props;
    refuseElsewhere(this, 'region', { encryptionKey, apiKeySecretKey, pipelineKey }, 'a key works only in its region');
    const { apiKeySecret, eventBus, accessLogsBucket, existingBucket } = props;
    refuseElsewhere(this, 'region', { apiKeySecret, eventBus }, 'the function calls AWS in its own region');
    if (accessLogsBucket !== undefined) {
      const ownNames = props.bucketName === undefined ? [] : [props.bucketName];
      checkAccessLogs(this, accessLogsBucket, existingBucket === undefined ? ownNames : namesOf(existingBucket));
    }
    const keyPrefixes = props.keyPrefixes ?? [props.keyPrefix ?? ''];
    this.keyPrefixes = keyPrefixes;

    const queues = new UploadQueues(this, 'Queues', pipelineKey);
    this.queue = queues.upload;
    this.deadLetterQueue = queues.deadLetter;

    let ownBucket: PhotoBucket | undefined;
    if (props.existingBucket === undefined) {
      ownBucket = new PhotoBucket(this, 'PhotoBucket', { ...props, keyPrefixes, queue: queues.upload });
      // CDK declares `isWebsite` differently in the two types, which matters only to `exactOptionalPropertyTypes`.
      this.bucket = ownBucket as IBucket;
    } else {
      this.bucket = props.existingBucket;
      checkExistingBucket(this, this.bucket);
      const { rule, undelivered } = addObjectCreatedRule(this, {
        bucket: this.bucket,
        keyPrefixes,
        queue: queues.upload,
        pipelineKey,
      });
      this.undeliveredEventsQueue = undelivered;
      this.objectCreatedRule = rule;
    }
    refuseSharedPhotos(this, { bucket: this.bucket, isOwn: ownBucket !== undefined, keyPrefixes });
    this.apiKeySecret = apiKeySecret ?? new ApiKeySecret(this, 'ApiKey', pipelineKey).secret;

    const claimsBucket = new ClaimsBucket(this, 'Claims', props);
    warnOfSharedAccount(this, { apiKeySecret: this.apiKeySecret, requestsPerSecond });

    const callsOfEach = shareOfCalls(this, { requestsPerSecond, maxConcurrency });
    const upload = new UploadFunction(this, 'Upload', {
      bucket: this.bucket,
      claimsBucket,
      encryptionKey: this.encryptionKey,
      keyPrefixes,
      queue: this.queue,
      deadLetterQueue: this.deadLetterQueue,
      apiKeySecret: this.apiKeySecret,
      apiKeySecretKey: apiKeySecretKey ?? apiKeySecret?.encryptionKey,
      pipelineKey,
      complyCubeBaseUrl: props.complyCubeBaseUrl ?? 'https://api.complycube.com/v1',
      requestsPerSecond: callsOfEach,
      maxConcurrency,
      performLivenessCheck: props.performLivenessCheck,
      clientIdMetadata: props.clientIdMetadata ?? metadataNames.clientId,
      areOperatorsNamed: props.operators !== undefined,
      eventBus: props.eventBus ?? EventBus.fromEventBusName(this, 'DefaultEventBus', 'default'),
      logRetention: props.logRetention ?? RetentionDays.THREE_MONTHS,
    });
    this.function = upload.function;
    const { alarms, topic } = new UploaderAlarms(this, 'Alarms', {
      function: this.function,
      queue: this.queue,
      deadLetterQueue: this.deadLetterQueue,
      undeliveredEventsQueue: this.undeliveredEventsQueue,
      email: props.alarmEmail,
      pipelineKey,
      runbookUrl: props.runbookUrl ?? 'docs/runbook.md',
    });
    this.alarms = alarms;
    this.alarmTopic = topic;
    this.dashboard = new UploaderDashboard(this, 'Dashboard', {
      function: this.function,
      queue: this.queue,
      deadLetterQueue: this.deadLetterQueue,
      undeliveredEventsQueue: this.undeliveredEventsQueue,
      alarms: this.alarms,
      callsPerSecond: callsOfEach * maxConcurrency,
    });
    if (pipelineKey !== undefined) {
      const uses = { hasRule: props.existingBucket !== undefined, hasTopic: props.alarmEmail !== undefined };
      allowServices(this, pipelineKey, uses);
    }
    saveLogQueries(this, upload.logGroup);
    if (props.operators !== undefined) {
      const { queue, deadLetterQueue, undeliveredEventsQueue } = this;
      const all = [queue, deadLetterQueue, ...(undeliveredEventsQueue === undefined ? [] : [undeliveredEventsQueue])];
      restrictQueues(all, upload.role, props.operators);
    }
    claimsBucket.restrictWriting(upload.role);
    ownBucket?.protectOutcomeTags(upload.role);
    ApiKeySecret.addReader(this, this.apiKeySecret, upload.role);
    refuseContradictions(this, {
      queue: this.queue,
      deadLetterQueue: this.deadLetterQueue,
      function: upload.function,
      eventSource: upload.eventSource,
      existingBucket: props.existingBucket,
      requestsPerSecond,
    });
  }

  /**
   * Makes the uploader operable with `npx live-photos`: adds outputs to its stack, by which the command line finds its resources.
   * @throws ConfigurationError if the stack already has such outputs, because another uploader of the stack has added them.
   */
  addOutputs(): void {
    const { erasedExpiration = defaultErasedExpiration, evidenceRetention = defaultEvidenceRetention } = this.props;
    addStackOutputs(this, () => ({
      PhotoBucketName: this.bucket.bucketName,
      ApiKeySecretId: this.apiKeySecret.secretFullArn ?? this.apiKeySecret.secretName,
      UploadQueueUrl: this.queue.queueUrl,
      DeadLetterQueueUrl: this.deadLetterQueue.queueUrl,
      FunctionName: this.function.functionName,
      DashboardUrl: dashboardUrl(this, this.dashboard.dashboardName),
      AlarmNames: this.alarms.map(({ alarmName }) => alarmName).join(','),
      AlarmTopicArn: this.alarmTopic?.topicArn,
      UndeliveredEventsQueueUrl: this.undeliveredEventsQueue?.queueUrl,
      ObjectCreatedRuleName: this.objectCreatedRule?.ruleName,
      EvidenceRetentionDays: daysOf(evidenceRetention),
      ErasedExpireDays: this.props.existingBucket === undefined ? daysOf(erasedExpiration) : undefined,
    }));
  }

  /**
   * Allows the app's back end to sign upload grants. It may put photo objects only with a form that is at most 15 minutes old,
   * encrypted like the bucket and without tags. IAM has no condition for the client ID that it signs.
   * @throws ConfigurationError with `forbidOverwrites`: S3 documents `If-None-Match` only for PUT, so it would refuse every form.
   */
  grantUpload(grantee: IGrantable): Grant {
    if (this.props.forbidOverwrites === true) {
      throw new ConfigurationError(
        'grantUpload contradicts forbidOverwrites: remove forbidOverwrites; each grant has a separate key anyway',
      );
    }
    return grantUploadByForm(grantee, this.grantedPhotos);
  }

  /** Allows the app's back end to read outcomes from the tags of photo objects. */
  grantReadOutcomes(grantee: IGrantable): Grant {
    return grantReadOutcomes(grantee, this.grantedPhotos);
  }

  /**
   * Sets the environment variables of the app's back end that `uploadSettingsFrom` of `complycube-live-photos/upload-settings`
   * reads: bucket, key prefixes, the name of the client ID's metadata, and encryption key.
   */
  addUploadEnvironment(backEnd: BackEnd): void {
    const { clientIdMetadata = metadataNames.clientId } = this.props;
    addUploadEnvironment(backEnd, { ...this.grantedPhotos, clientIdMetadata });
  }

  private get grantedPhotos(): GrantedPhotos {
    const { bucket, keyPrefixes, encryptionKey } = this;
    return { bucket, keyPrefixes, encryptionKey };
  }

  /** A bucket that was imported by its name does not know its key. */
  private get encryptionKey(): IKey | undefined {
    return this.props.encryptionKey ?? this.bucket.encryptionKey;
  }
}
