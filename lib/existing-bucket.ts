import { Duration, Validations } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';
import { deadLetterRetentionDays } from '../contract/durations';
import { queueEncryption } from './encryption';
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
 * @returns the rule, and the queue of the events that EventBridge could not deliver.
 */
export function addObjectCreatedRule(
  scope: Construct,
  props: ObjectCreatedRuleProps,
): { readonly rule: Rule; readonly undelivered: Queue } {
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
  return { rule, undelivered };
}

/**
 * Checks where an existing bucket is, as far as that is known. `live-photos doctor` checks a bucket that was imported by its name.
 * @throws ConfigurationError for a bucket of another account or region: its events don't reach a rule here.
 */
export function checkExistingBucket(scope: Construct, bucket: IBucket): void {
  for (const place of ['account', 'region'] as const) {
    refuseElsewhere(scope, place, { existingBucket: bucket }, 'its events go to EventBridge there');
  }
}

/** An uploader's use of its bucket. */
export interface BucketUse {
  readonly bucket: IBucket;
  /** Whether the uploader creates the bucket. */
  readonly isOwn: boolean;
  readonly keyPrefixes: readonly string[];
}

/** The uploaders of each app. */
const usesOf = new WeakMap<IConstruct, (BucketUse & { readonly uploader: string })[]>();

/**
 * Each uploader has separate claims, so two of them upload the same photo twice.
 * @throws ConfigurationError if another uploader of the app has the same bucket, and one of them creates it or their key
 * prefixes overlap.
 */
export function refuseSharedPhotos(uploader: Construct, use: BucketUse): void {
  const uses = usesOf.get(uploader.node.root) ?? [];
  // CloudFormation refuses to create two buckets with one name.
  const sharing = uses.filter((other) => !(use.isOwn && other.isOwn) && isSameBucket(use.bucket, other.bucket));
  for (const { uploader: name, isOwn, keyPrefixes } of sharing) {
    if (use.isOwn || isOwn) {
      throw new ConfigurationError(
        `${use.isOwn ? 'bucketName' : 'existingBucket'} is also the bucket of ${name}: the policy of a bucket that an uploader creates allows only its own function to write outcomes. Use one uploader with keyPrefixes, or another bucket`,
      );
    }
    if (findOverlap([...keyPrefixes, ...use.keyPrefixes]) !== undefined) {
      throw new ConfigurationError(
        `existingBucket is also the bucket of ${name}, and their key prefixes overlap: each photo would be uploaded twice. Set keyPrefixes so that no prefix begins with one of the other uploader`,
      );
    }
  }
  usesOf.set(uploader.node.root, [...uses, { ...use, uploader: uploader.node.path }]);
}

function isSameBucket(one: IBucket, other: IBucket): boolean {
  const names = namesOf(one);
  return namesOf(other).some((name) => names.includes(name));
}

/** A bucket's reference or name, and the name that the app sets for a bucket that it creates. */
export function namesOf(bucket: IBucket): string[] {
  const { bucketName } = createdBucket(bucket) ?? {};
  return [bucket.bucketName, ...(bucketName === undefined ? [] : [bucketName])];
}

/** The bucket's resource, if this app creates the bucket. */
export function createdBucket({ node: { defaultChild } }: IBucket): CfnBucket | undefined {
  return defaultChild instanceof CfnBucket ? defaultChild : undefined;
}
