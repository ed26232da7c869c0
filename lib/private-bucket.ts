import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  type Bucket,
  type BucketProps,
  CfnBucket,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { namesOf } from './existing-bucket';
import { refuseElsewhere } from './place';
import { ConfigurationError } from './validate-props';

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
 * Checks what is known about the bucket that receives access logs (S3 user guide, "Enabling Amazon S3 server access logging").
 * @param photoBucketNames none: CloudFormation generates the name.
 * @throws ConfigurationError if S3 could not write the logs, or would send an event for each log.
 */
export function checkAccessLogs(scope: Construct, logs: IBucket, photoBucketNames: readonly string[]): void {
  for (const place of ['account', 'region'] as const) {
    refuseElsewhere(scope, place, { accessLogsBucket: logs }, 'S3 writes access logs only there');
  }
  const refuse = (problem: string): never => {
    throw new ConfigurationError(`accessLogsBucket is ${problem}`);
  };
  if (namesOf(logs).some((name) => photoBucketNames.includes(name))) {
    refuse('the photo bucket: it must be another one, because the function would process each log as a photo');
  }
  const { defaultChild } = logs.node;
  const encryption: unknown = defaultChild instanceof CfnBucket ? defaultChild.bucketEncryption : undefined;
  const usesKms = JSON.stringify(Stack.of(scope).resolve(encryption) ?? '').includes('aws:kms');
  if (logs.encryptionKey !== undefined || usesKms) {
    refuse('encrypted with a KMS key: it must be encrypted with keys that S3 manages, or S3 writes no logs to it');
  }
}

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
