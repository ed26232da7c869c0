import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** The bucket whose events are sent, and the queue that receives them. */
export interface ObjectCreatedRuleProps {
  readonly bucket: IBucket;
  readonly keyPrefix: string | undefined;
  readonly queue: Queue;
}

/**
 * Sends the object-created events of an existing bucket to the queue through EventBridge. The bucket's owner must enable
 * EventBridge on it. The bucket's own notifications are not used: this stack could set them only with a custom resource, which
 * would replace the owner's.
 */
export function addObjectCreatedRule(scope: Construct, { bucket, keyPrefix, queue }: ObjectCreatedRuleProps): void {
  new Rule(scope, 'ObjectCreated', {
    description: 'Sends events of new photo objects to the upload queue',
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: {
        bucket: { name: [bucket.bucketName] },
        ...(keyPrefix !== undefined && { object: { key: [{ prefix: keyPrefix }] } }),
      },
    },
    // Adds a grant to the queue's policy that allows only this rule to send.
    targets: [new SqsQueue(queue)],
  });
}
