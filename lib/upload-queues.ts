import { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deadLetterRetentionDays, maxReceiveCount, maxWaitMs, queueRetentionDays } from '../contract/durations';
import { queueEncryption } from './encryption';
import { protectQueue } from './protection';

/**
 * The upload queue and its dead-letter queue. `contract/retry-bounds.ts` computes how long photos are retried with these
 * settings.
 */
export class UploadQueues extends Construct {
  readonly upload: Queue;
  readonly deadLetter: Queue;

  /** @param key the customer managed key that encrypts both. */
  constructor(scope: Construct, id: string, key: IKey | undefined) {
    super(scope, id);
    this.deadLetter = new Queue(this, 'DeadLetter', {
      ...queueEncryption(key),
      enforceSSL: true,
      // SQS counts from when the message was first sent, so it must be longer than the upload queue's.
      retentionPeriod: Duration.days(deadLetterRetentionDays),
    });
    this.upload = new Queue(this, 'Upload', {
      ...queueEncryption(key),
      enforceSSL: true,
      retentionPeriod: Duration.days(queueRetentionDays),
      // Applies only if the function can't start. It sets each message's visibility itself.
      visibilityTimeout: Duration.millis(maxWaitMs),
      deadLetterQueue: { queue: this.deadLetter, maxReceiveCount },
    });
  }
}

/** Denies using the queues to every principal except this role, the operators and AWS services. */
export function restrictQueues(queues: readonly IQueue[], role: IRole, operators: readonly IRole[]): void {
  const operatorArns = operators.map(({ roleArn }) => roleArn);
  for (const queue of queues) {
    for (const statement of protectQueue(queue.queueArn, role.roleArn, operatorArns))
      queue.addToResourcePolicy(statement);
  }
}
