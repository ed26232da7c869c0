import { Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Configuration of a {@link PhotoBucket}. */
export interface PhotoBucketProps {
  /** Where the bucket's object-created events go. */
  readonly queue: Queue;
  /** Only photo objects whose key begins so are announced. */
  readonly keyPrefix: string | undefined;
}

/** The bucket that the app uploads to; it outlives the stack, because its photos may be the only ones there are. */
export class PhotoBucket extends Bucket {
  constructor(scope: Construct, id: string, { queue, keyPrefix }: PhotoBucketProps) {
    super(scope, id, {
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.notify(queue, keyPrefix);
  }

  /** Uses the bucket's own property: `addEventNotification` would add a custom resource with a function of its own. */
  private notify(queue: Queue, keyPrefix: string | undefined): void {
    const { account, partition } = Stack.of(this);
    queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'PhotoBucketEvents',
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:s3:::${this.generatedNamePattern()}` },
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
   * case and shortens the first two where they are long.
   */
  private generatedNamePattern(): string {
    const stack = Stack.of(this);
    const logicalId = Lazy.string({
      produce: () => start(String(stack.resolve((this.node.defaultChild as CfnBucket).logicalId))),
    });
    return `${start(stack.stackName)}*-${logicalId}*`;
  }
}

/** Short enough to stand in every shortened name. */
function start(name: string): string {
  return name.slice(0, 20).toLowerCase();
}
