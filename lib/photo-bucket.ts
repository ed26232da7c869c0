import { Duration, Lazy, Stack, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, type IRole, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket, type CfnBucket, type CorsRule, HttpMethods, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type OutcomeStatus, tagNames } from '../contract/outcome-tags';
import { bucketEncryption } from './encryption';
import { outermostOf, startOf } from './generated-name';
import { logAccess, privateBucket } from './private-bucket';
import { protectOutcomes } from './protection';
import type { LivePhotoUploaderProps } from './uploader-props';

/** Configuration of a {@link PhotoBucket}. {@link LivePhotoUploaderProps} describes the shared properties. */
export interface PhotoBucketProps extends Pick<
  LivePhotoUploaderProps,
  | 'bucketName'
  | 'encryptionKey'
  | 'forbidOverwrites'
  | 'uploadOrigins'
  | 'uploadedExpiration'
  | 'rejectedExpiration'
  | 'erasedExpiration'
  | 'trustedTaggers'
  | 'accessLogsBucket'
> {
  /** Receives the bucket's object-created events. */
  readonly queue: Queue;
  /** The beginnings of keys whose events are sent. The empty text is that of every key. */
  readonly keyPrefixes: readonly string[];
}

/** The bucket that the app puts its photos into. It is retained when the stack is deleted: its photos may have no other copy. */
export class PhotoBucket extends Bucket {
  private readonly props: PhotoBucketProps;

  constructor(scope: Construct, id: string, props: PhotoBucketProps) {
    super(scope, id, {
      ...privateBucket,
      ...(props.bucketName !== undefined && { bucketName: props.bucketName }),
      versioned: true,
      ...bucketEncryption(props.encryptionKey),
      cors: corsRules(props),
      lifecycleRules: lifecycleRules(props),
    });
    this.props = props;
    this.sendObjectCreatedEvents();
    logAccess(this, props.accessLogsBucket);
    if (props.forbidOverwrites === true) this.forbidOverwrites();
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'CloudTrail data events show who read a photo, for the whole account. Access logs would need another bucket.',
    });
  }

  /** Denies every principal except this role to write, change or remove outcome tags. Trusted taggers may write other tags. */
  protectOutcomeTags(role: IRole): void {
    const trusted = this.props.trustedTaggers?.map(({ roleArn }) => roleArn) ?? [];
    const statements = protectOutcomes(this.bucketArn, { functionRoles: [role.roleArn], trusted });
    for (const statement of statements) this.addToResourcePolicy(statement);
  }

  private forbidOverwrites(): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NoOverwrites',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [this.arnForObjects('*')],
        conditions: {
          Null: { 's3:if-none-match': 'true' },
          // Starting a multipart upload and uploading its parts create no object; completing it does.
          Bool: { 's3:ObjectCreationOperation': 'true' },
        },
      }),
    );
  }

  /** Sets the bucket's CloudFormation property: `addEventNotification` would add a custom resource with another function. */
  private sendObjectCreatedEvents(): void {
    const { queue, keyPrefixes } = this.props;
    const { account, partition } = Stack.of(this);
    queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'PhotoBucketEvents',
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:s3:::${this.props.bucketName ?? this.generatedNamePattern()}` },
        },
      }),
    );
    const bucket = this.node.defaultChild as CfnBucket;
    bucket.notificationConfiguration = {
      queueConfigurations: keyPrefixes.map((value) => ({
        event: 's3:ObjectCreated:*',
        queue: queue.queueArn,
        ...(value !== '' && { filter: { s3Key: { rules: [{ name: 'prefix', value }] } } }),
      })),
    };
    // S3 sends a test message when notifications are set, so the queue's policy must exist before the bucket.
    this.node.addDependency(queue.node.findChild('Policy'));
  }

  /**
   * A pattern for the bucket name that CloudFormation will generate. The queue's policy can't refer to the bucket, because the
   * bucket depends on that policy. CloudFormation generates names of buckets in lower case.
   */
  private generatedNamePattern(): string {
    const stack = Stack.of(this);
    const isNested = stack.nestedStackParent !== undefined;
    const outermost = outermostOf(stack).stackName.toLowerCase();
    return Lazy.string({
      produce: () => {
        const logicalId = String(stack.resolve((this.node.defaultChild as CfnBucket).logicalId)).toLowerCase();
        const isWhole = !isNested && outermost.length + logicalId.length <= unshortenedLength;
        return isWhole ? `${outermost}-${logicalId}-*` : `${startOf(outermost)}*-${startOf(logicalId)}*`;
      },
    });
  }
}

/** A bucket name has at most 63 characters, of which two hyphens and the random part need less than 18. */
const unshortenedLength = 45;

/** In seconds. Browsers may use a lower limit (Fetch standard, "CORS-preflight cache"). */
const preflightMaxAge = 3600;

/** Pages may only post forms. The response headers that they may read identify the new photo object. */
function corsRules({ uploadOrigins = [] }: PhotoBucketProps): CorsRule[] {
  if (uploadOrigins.length === 0) return [];
  return [
    {
      id: 'UploadGrants',
      allowedOrigins: [...uploadOrigins],
      allowedMethods: [HttpMethods.POST],
      exposedHeaders: ['ETag', 'x-amz-version-id'],
      maxAge: preflightMaxAge,
    },
  ];
}

/** How old an erased photo is at least when S3 deletes it. */
export const defaultErasedExpiration = Duration.days(1);

function lifecycleRules(props: PhotoBucketProps): LifecycleRule[] {
  const { uploadedExpiration, rejectedExpiration, erasedExpiration = defaultErasedExpiration } = props;
  const expireOutcome = (status: OutcomeStatus, expiration: Duration | undefined): LifecycleRule[] =>
    expiration === undefined
      ? []
      : [
          {
            id: `Expire${status}`,
            tagFilters: { [tagNames.status]: status },
            expiration,
            // In a versioned bucket, expiration only adds a delete marker. This deletes the photo itself a day later.
            noncurrentVersionExpiration: Duration.days(1),
          },
        ];
  return [
    { id: 'AbortUnfinishedUploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ...expireOutcome('uploaded', uploadedExpiration),
    ...expireOutcome('rejected', rejectedExpiration),
    ...expireOutcome('erased', erasedExpiration),
    { id: 'RemoveDeleteMarkers', expiredObjectDeleteMarker: true },
  ];
}
