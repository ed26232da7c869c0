import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BucketEncryption, type BucketProps } from 'aws-cdk-lib/aws-s3';
import { QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';

/** @param key the customer managed key. Default: keys that S3 manages. */
export function bucketEncryption(key: IKey | undefined): BucketProps {
  if (key === undefined) return { encryption: BucketEncryption.S3_MANAGED };
  // With a bucket key, one data key serves many objects. A call to KMS for each photo would cost as much as the photo.
  return { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true };
}

/**
 * @param key the customer managed key. Default: keys that SQS manages. S3 and EventBridge can't send to a queue that is
 * encrypted with the AWS-managed KMS key.
 */
export function queueEncryption(key: IKey | undefined): QueueProps {
  if (key === undefined) return { encryption: QueueEncryption.SQS_MANAGED };
  return { encryption: QueueEncryption.KMS, encryptionMasterKey: key };
}
