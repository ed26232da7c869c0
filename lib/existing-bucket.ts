import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** What to announce, and where. */
export interface ExistingBucketProps {
  readonly bucket: IBucket;
  readonly keyPrefix: string | undefined;
  readonly queue: Queue;
}

/**
 * Sends a standing bucket's object-created events to the queue through EventBridge: its own notifications belong to
 * whoever owns it, and setting them from here would take a custom resource. The owner enables EventBridge on it.
 */
export function announceExistingBucket(scope: Construct, { bucket, keyPrefix, queue }: ExistingBucketProps): void {
  new Rule(scope, 'ObjectCreated', {
    description: 'Announces new photo objects to the upload queue',
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: {
        bucket: { name: [bucket.bucketName] },
        ...(keyPrefix !== undefined && { object: { key: [{ prefix: keyPrefix }] } }),
      },
    },
    // The target's grant lets just this rule send to the queue.
    targets: [new SqsQueue(queue)],
  });
}
