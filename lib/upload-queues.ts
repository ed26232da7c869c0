import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { functionTimeout } from './upload-function';

/**
 * How often a message is received before it is moved to the dead-letter queue. At backoff's mean of half an hour it
 * rides out an outage of two days, and at backoff's longest of one hour it is moved before it would expire.
 */
const maxReceiveCount = 130;

/** The queue of photos on their way, and the one of those that could not be processed. */
export class UploadQueues extends Construct {
  readonly upload: Queue;
  readonly deadLetter: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.deadLetter = new Queue(this, 'DeadLetter', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // Counted from the original sending, so it must outlast the upload queue's.
      retentionPeriod: Duration.days(14),
    });
    this.upload = new Queue(this, 'Upload', {
      // S3 can't send to a queue under the AWS-managed KMS key.
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(7),
      // Lambda's own rule: at least six times the function's timeout.
      visibilityTimeout: Duration.seconds(6 * functionTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetter, maxReceiveCount },
    });
  }
}
