import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Clock } from '../clock';
import { deadLetterReasonAttribute, type DeadLetterReasonCode } from '../../contract/dead-letter-reasons';
import { awsRequestMs } from '../../contract/durations';
import { RetryLaterError } from '../retry-later-error';
import { withDeadline } from '../with-deadline';

/** A message that the function received, or that was delivered to it. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** How often it was received, including this time. */
  readonly receives: number;
  /** Who sent it: the unique ID of a user or role, with the role's session name after a colon. */
  readonly senderId: string | undefined;
}

/** Parses `ApproximateReceiveCount`. Anything unusable counts as the first receive. */
export function parseReceives(count: string | undefined): number {
  return Math.max(1, Number(count) || 1);
}

/** A message to hide. */
export interface HiddenMessage {
  readonly receiptHandle: string;
  /** From now, in milliseconds. */
  readonly forMs: number;
}

/** The upload queue and its dead-letter queue. */
export class UploadQueue {
  constructor(
    private readonly sqs: SQSClient,
    private readonly urls: { readonly upload: string; readonly deadLetter: string },
    private readonly clock: Pick<Clock, 'after'>,
  ) {}

  /**
   * Sets the visibility timeout of up to ten messages.
   * @throws RetryLaterError when SQS did not accept all of them within five seconds. The queue's visibility timeout applies to the
   * rest.
   */
  async hide(messages: readonly HiddenMessage[]): Promise<void> {
    const Entries = messages.map(({ receiptHandle, forMs }, at) => ({
      Id: String(at),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: Math.ceil(forMs / 1000),
    }));
    await this.sendBatch('ChangeMessageVisibilityBatch', (abortSignal) =>
      this.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.urls.upload, Entries }), { abortSignal }),
    );
  }

  /**
   * Receives up to ten messages, and waits up to a second for the first one.
   * @param hiddenForMs their visibility timeout.
   * @throws RetryLaterError when SQS does not answer in time. Messages of a lost answer are visible again after the timeout.
   */
  async receive(hiddenForMs: number): Promise<ReceivedMessage[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.urls.upload,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 1,
      VisibilityTimeout: Math.ceil(hiddenForMs / 1000),
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SenderId'],
    });
    const { Messages = [] } = await this.send('ReceiveMessage', (abortSignal) =>
      this.sqs.send(command, { abortSignal }),
    );
    return Messages.map(({ MessageId = '', ReceiptHandle = '', Body = '', Attributes }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      receives: parseReceives(Attributes?.ApproximateReceiveCount),
      senderId: Attributes?.SenderId,
    }));
  }

  /** Deletes up to ten messages. @throws RetryLaterError when SQS did not delete all of them in time. */
  async delete(messages: readonly Pick<ReceivedMessage, 'receiptHandle'>[]): Promise<void> {
    const Entries = messages.map(({ receiptHandle }, at) => ({ Id: String(at), ReceiptHandle: receiptHandle }));
    await this.sendBatch('DeleteMessageBatch', (abortSignal) =>
      this.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.urls.upload, Entries }), { abortSignal }),
    );
  }

  /** Sends a message to the dead-letter queue. @throws RetryLaterError when SQS did not accept it in time. */
  async deadLetter(body: string, reason: DeadLetterReasonCode): Promise<void> {
    await this.send('SendMessage', (abortSignal) =>
      this.sqs.send(
        new SendMessageCommand({
          QueueUrl: this.urls.deadLetter,
          MessageBody: body,
          MessageAttributes: { [deadLetterReasonAttribute]: { DataType: 'String', StringValue: reason } },
        }),
        { abortSignal },
      ),
    );
  }

  private async sendBatch(
    operation: string,
    request: (signal: AbortSignal) => Promise<{ readonly Failed?: readonly BatchResultErrorEntry[] | undefined }>,
  ): Promise<void> {
    const { Failed = [] } = await this.send(operation, request);
    const [first] = Failed;
    if (first === undefined) return;
    throw new RetryLaterError(
      'sqs-failed',
      `SQS ${operation} failed for ${Failed.length} messages: ${first.Code ?? ''}`,
    );
  }

  private async send<T>(operation: string, request: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const error = new RetryLaterError('sqs-failed', `SQS ${operation} did not end in time`);
    return withDeadline({ ms: awsRequestMs, error }, this.clock, async (signal) => {
      try {
        return await request(signal);
      } catch (cause) {
        throw new RetryLaterError('sqs-failed', `SQS ${operation} failed`, { cause });
      }
    });
  }
}
