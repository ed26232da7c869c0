import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** The queue that the batches come from. */
export class UploadQueue {
  constructor(
    private readonly sqs: SQSClient,
    private readonly queueUrl: string,
  ) {}

  /** Hides a message that is given back from now on for `waitMs`; without this it would stay hidden for the queue's own time. */
  async hideFor(receiptHandle: string, waitMs: number): Promise<void> {
    await this.sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: this.queueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: Math.ceil(waitMs / 1000),
      }),
    );
  }
}
