import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  type Bucket,
  type BucketProps,
  type CfnBucket,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';

/**
 * Settings of all buckets: no public access, TLS only, no ACLs. Buckets are retained when the stack is deleted: CloudFormation
 * can't delete a bucket with objects, and nobody expects a custom resource that empties it first.
 */
export const privateBucket = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  removalPolicy: RemovalPolicy.RETAIN,
} satisfies BucketProps;

/**
 * Logs the requests to a bucket in another bucket, if there is one. The prefix of the logs is the bucket's path in the app.
 *
 * A bucket's property `serverAccessLogsBucket` would refer to the bucket in the policy of the logs' bucket. Buckets of two
 * stacks would then depend on each other.
 */
export function logAccess(bucket: Bucket, logs: IBucket | undefined): void {
  if (logs === undefined) return;
  const prefix = `${bucket.node.path}/`;
  (bucket.node.defaultChild as CfnBucket).loggingConfiguration = {
    destinationBucketName: logs.bucketName,
    logFilePrefix: prefix,
  };
  // Has no effect on an imported bucket.
  logs.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [logs.arnForObjects(`${prefix}*`)],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(bucket).account } },
    }),
  );
}
