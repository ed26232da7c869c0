import { Annotations, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';
import { deadLetterRetentionDays } from '../contract/durations';
import { queueEncryption } from './encryption';
import { PhotoBucket } from './photo-bucket';
import { refuseElsewhere } from './place';
import { findOverlap } from './prop-checks';
import { ConfigurationError } from './validate-props';

/** The bucket whose events are sent, and the queue that receives them. */
export interface ObjectCreatedRuleProps {
  readonly bucket: IBucket;
  readonly keyPrefixes: readonly string[];
  readonly queue: Queue;
  /** The customer managed key that encrypts the queue. It encrypts the undelivered events too. */
  readonly pipelineKey: IKey | undefined;
}

/**
 * Sends the object-created events of an existing bucket to the queue through EventBridge. The bucket's owner must enable
 * EventBridge on it. The bucket's own notifications are not used: this stack could set them only with a custom resource, which
 * would replace the owner's.
 * @returns the queue of the events that EventBridge could not deliver.
 */
export function addObjectCreatedRule(scope: Construct, props: ObjectCreatedRuleProps): Queue {
  const { bucket, keyPrefixes, queue, pipelineKey } = props;
  const undelivered = new Queue(scope, 'UndeliveredEvents', {
    ...queueEncryption(pipelineKey),
    enforceSSL: true,
    retentionPeriod: Duration.days(deadLetterRetentionDays),
  });
  Validations.of(undelivered).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'It is the dead-letter queue of an EventBridge rule. The check knows only those of queues and functions.',
  });
  const rule = new Rule(scope, 'ObjectCreated', {
    description: 'Sends events of new photo objects to the upload queue',
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: {
        bucket: { name: [bucket.bucketName] },
        ...(!keyPrefixes.includes('') && { object: { key: keyPrefixes.map((prefix) => ({ prefix })) } }),
      },
    },
  });
  // CDK's SqsQueue target does not restrict who may send to an encrypted queue to the rule.
  rule.addTarget({
    bind: () => ({
      arn: queue.queueArn,
      deadLetterConfig: { arn: undelivered.queueArn },
      targetResource: queue,
    }),
  });
  for (const receiver of [queue, undelivered]) {
    receiver.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ObjectCreatedRule',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [receiver.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
      }),
    );
  }
  return undelivered;
}

/**
 * Checks what is known about an existing bucket. A bucket that was imported by its name is checked by `live-photos doctor`.
 * @throws ConfigurationError for a bucket of another account or region, because its events don't reach a rule here, and for a
 * bucket that another uploader creates.
 */
export function checkExistingBucket(scope: Construct, bucket: IBucket): void {
  for (const place of ['account', 'region'] as const) {
    refuseElsewhere(scope, place, { existingBucket: bucket }, 'its events go to EventBridge there');
  }
  if (bucket instanceof PhotoBucket) {
    throw new ConfigurationError(
      `existingBucket is created by ${String(bucket.node.scope?.node.path)}, and its policy allows only that uploader's function to write outcomes: create a bucket yourself and pass it to both uploaders`,
    );
  }
  const created = createdBucket(bucket);
  if (created === undefined) return;
  const versioning = Stack.of(scope).resolve(created.versioningConfiguration) as { status?: string } | undefined;
  if (versioning?.status === 'Enabled') return;
  Annotations.of(scope).addWarningV2(
    'complycube-live-photos:unversioned-bucket',
    'existingBucket is not versioned: if a photo is overwritten during its upload, the newer photo may never be uploaded. Turn versioning on',
  );
}

/** The existing buckets of each app's uploaders. */
const usesOf = new WeakMap<IConstruct, { uploader: string; bucketName: string; keyPrefixes: readonly string[] }[]>();

/**
 * Each uploader has separate claims, so two of them upload the same photo twice.
 * @throws ConfigurationError if another uploader of the app has the same bucket, and their key prefixes overlap.
 */
export function refuseSharedPhotos(uploader: Construct, { bucketName }: IBucket, keyPrefixes: readonly string[]): void {
  const uses = usesOf.get(uploader.node.root) ?? [];
  const sharing = uses.find(
    (use) => use.bucketName === bucketName && findOverlap([...use.keyPrefixes, ...keyPrefixes]) !== undefined,
  );
  if (sharing !== undefined) {
    throw new ConfigurationError(
      `existingBucket is also the bucket of ${sharing.uploader}, and their key prefixes overlap: each photo would be uploaded twice. Set keyPrefixes so that no prefix begins with one of the other uploader`,
    );
  }
  usesOf.set(uploader.node.root, [...uses, { uploader: uploader.node.path, bucketName, keyPrefixes }]);
}

/** The bucket's resource, if this app creates the bucket. */
export function createdBucket({ node: { defaultChild } }: IBucket): CfnBucket | undefined {
  return defaultChild instanceof CfnBucket ? defaultChild : undefined;
}
