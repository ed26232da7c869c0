import { Duration, Lazy, Stack, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, type IRole, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type CorsRule,
  HttpMethods,
  type LifecycleRule,
} from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type OutcomeStatus, outcomeTagPrefix, tagNames } from '../contract/outcome-tags';
import type { LivePhotoUploaderProps } from './live-photo-uploader';
import { privateBucket } from './private-bucket';

/** Configuration of a {@link PhotoBucket}; what is the same for the whole uploader is described there. */
export interface PhotoBucketProps extends Pick<
  LivePhotoUploaderProps,
  | 'bucketName'
  | 'encryptionKey'
  | 'keyPrefix'
  | 'forbidOverwrites'
  | 'uploadOrigins'
  | 'uploadedExpiration'
  | 'rejectedExpiration'
> {
  /** Where the bucket's object-created events go. */
  readonly queue: Queue;
}

/** The bucket that the app puts its photos into; it outlives the stack, because its photos may be the only ones there are. */
export class PhotoBucket extends Bucket {
  private readonly props: PhotoBucketProps;

  constructor(scope: Construct, id: string, props: PhotoBucketProps) {
    super(scope, id, {
      ...privateBucket,
      bucketName: props.bucketName,
      versioned: true,
      encryption: props.encryptionKey === undefined ? BucketEncryption.S3_MANAGED : BucketEncryption.KMS,
      encryptionKey: props.encryptionKey,
      // One data key serves many objects: a call to KMS for each photo would cost as much as the photo itself.
      bucketKeyEnabled: props.encryptionKey === undefined ? undefined : true,
      cors: corsRules(props),
      lifecycleRules: lifecycleRules(props),
    });
    this.props = props;
    this.announce();
    if (props.forbidOverwrites === true) this.forbidOverwrites();
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Who read a photo is asked of CloudTrail data events, for the whole account; access logs would need a further bucket.',
    });
  }

  /**
   * Lets nobody but this role write, change or remove outcome tags.
   *
   * PutObjectTagging replaces the whole set, so whoever may tag a tagged object could drop the outcome without naming it:
   * it is denied by the tags that stand as well as by those that are asked for. PUT's tagging header and a POST form's
   * tagging field are asked for too (IAM's condition keys for S3, `s3:RequestObjectTagKeys`).
   */
  protectOutcomeTags(role: IRole): void {
    const everyoneElse = { ArnNotEquals: { 'aws:PrincipalArn': role.roleArn } };
    this.deny('OnlyTheFunctionWritesOutcomes', ['PutObject', 'PutObjectTagging', 'PutObjectVersionTagging'], {
      ...everyoneElse,
      'ForAnyValue:StringLike': { 's3:RequestObjectTagKeys': `${outcomeTagPrefix}*` },
    });
    this.deny(
      'OnlyTheFunctionChangesOutcomes',
      ['PutObjectTagging', 'PutObjectVersionTagging', 'DeleteObjectTagging', 'DeleteObjectVersionTagging'],
      { ...everyoneElse, Null: { [`s3:ExistingObjectTag/${tagNames.status}`]: 'false' } },
    );
  }

  private forbidOverwrites(): void {
    this.deny('NoOverwrites', ['PutObject'], {
      Null: { 's3:if-none-match': 'true' },
      // The parts of a multipart upload create nothing yet; its completion does.
      Bool: { 's3:ObjectCreationOperation': 'true' },
    });
  }

  private deny(sid: string, actions: readonly string[], conditions: Record<string, Record<string, string>>): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: actions.map((action) => `s3:${action}`),
        resources: [this.arnForObjects('*')],
        conditions,
      }),
    );
  }

  /** Uses the bucket's own property: `addEventNotification` would add a custom resource with a function of its own. */
  private announce(): void {
    const { queue, keyPrefix } = this.props;
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
      queueConfigurations: [
        {
          event: 's3:ObjectCreated:*',
          queue: queue.queueArn,
          filter: keyPrefix === undefined ? undefined : { s3Key: { rules: [{ name: 'prefix', value: keyPrefix }] } },
        },
      ],
    };
    // S3 tries to send when notifications are set, so the queue's policy must stand before the bucket does.
    this.node.addDependency(queue.node.findChild('Policy'));
  }

  /**
   * The name that CloudFormation will generate, as far as it is known before the bucket stands. The queue's policy can't
   * name the bucket itself: the bucket waits for that policy. CloudFormation generates `stack-logicalid-random` in lower
   * case (CloudFormation user guide, "Name type") and shortens the first two where they are long.
   */
  private generatedNamePattern(): string {
    const stack = Stack.of(this);
    const isNested = stack.nestedStackParent !== undefined;
    const outermost = outermostOf(stack).stackName.toLowerCase();
    return Lazy.string({
      produce: () => {
        const logicalId = String(stack.resolve((this.node.defaultChild as CfnBucket).logicalId)).toLowerCase();
        const isWhole = !isNested && outermost.length + logicalId.length <= unshortenedLength;
        return isWhole ? `${outermost}-${logicalId}-*` : `${start(outermost)}*-${start(logicalId)}*`;
      },
    });
  }
}

/** A bucket's name may have 63 characters: this many are left beside two hyphens and a random part, with some to spare. */
const unshortenedLength = 45;

/** Short enough to stand in every shortened name. */
function start(name: string): string {
  return name.slice(0, 20);
}

/** A nested stack's generated name begins with that of the stack around it, and is known at deployment only. */
function outermostOf(stack: Stack): Stack {
  return stack.nestedStackParent === undefined ? stack : outermostOf(stack.nestedStackParent);
}

/** Seconds; browsers keep it for less, if they must (Fetch standard, "CORS-preflight cache"). */
const preflightMaxAge = 3600;

/** A page posts a form and nothing else; what it may read of the answer names the photo object that it made. */
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

function lifecycleRules({ uploadedExpiration, rejectedExpiration }: PhotoBucketProps): LifecycleRule[] {
  const expireOutcome = (status: OutcomeStatus, expiration: Duration | undefined): LifecycleRule[] =>
    expiration === undefined
      ? []
      : [
          {
            id: `Expire${status}`,
            tagFilters: { [tagNames.status]: status },
            expiration,
            // In a versioned bucket expiring hides a photo behind a delete marker, as overwriting does: a day later it is gone.
            noncurrentVersionExpiration: Duration.days(1),
          },
        ];
  const expiring = [...expireOutcome('uploaded', uploadedExpiration), ...expireOutcome('rejected', rejectedExpiration)];
  const deleteMarkers: LifecycleRule = { id: 'RemoveDeleteMarkers', expiredObjectDeleteMarker: true };
  return [
    { id: 'AbortUnfinishedUploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ...(expiring.length === 0 ? [] : [...expiring, deleteMarkers]),
  ];
}
