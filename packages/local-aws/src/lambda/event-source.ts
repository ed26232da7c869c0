import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvocationError } from './execution-environment';

/** An event source mapping from a queue to a function, as the template describes it. */
export interface EventSourceSettings {
  readonly queueArn: string;
  /** Maximum number of messages per invocation, 1 to 10. */
  readonly batchSize: number;
  readonly maxConcurrency: number;
}

/** An event source's dependencies. */
export interface EventSourceDeps {
  readonly queueUrl: string;
  readonly sqs: SQSClient;
  readonly invoke: (event: SQSEvent) => Promise<unknown>;
  /** Called with each failed invocation or receive. */
  readonly onError: (error: Error) => void;
}

/**
 * An event source mapping for SQS: polls a queue, invokes the function with batches of its messages, and deletes those that the
 * function does not report as failed (Lambda developer guide, "Using Lambda with Amazon SQS").
 */
export class EventSource {
  private disabling: AbortController | undefined;
  private readonly pollers: Promise<void>[] = [];

  constructor(
    private readonly settings: EventSourceSettings,
    private readonly deps: EventSourceDeps,
  ) {
    this.enable();
  }

  get isEnabled(): boolean {
    return this.disabling !== undefined;
  }

  /** Starts polling, unless it is enabled already. */
  enable(): void {
    if (this.disabling !== undefined) return;
    const { signal } = (this.disabling = new AbortController());
    this.pollers.push(...Array.from({ length: this.settings.maxConcurrency }, () => this.poll(signal)));
  }

  /** Stops polling and waits for running invocations. */
  async disable(): Promise<void> {
    this.disabling?.abort();
    this.disabling = undefined;
    await Promise.all(this.pollers);
  }

  private async poll(disabled: AbortSignal): Promise<void> {
    while (!disabled.aborted) {
      const messages = await this.receive(disabled);
      if (messages.length > 0) await this.process(messages);
    }
  }

  private async receive(disabled: AbortSignal): Promise<Message[]> {
    try {
      const { Messages = [] } = await this.deps.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: this.deps.queueUrl,
          MaxNumberOfMessages: this.settings.batchSize,
          WaitTimeSeconds: 20,
          MessageSystemAttributeNames: ['All'],
        }),
        { abortSignal: disabled },
      );
      return Messages;
    } catch (error) {
      if (disabled.aborted) return [];
      this.deps.onError(error as Error);
      await sleep(pauseAfterErrorMs);
      return [];
    }
  }

  private async process(messages: Message[]): Promise<void> {
    try {
      const failed = failedIds(await this.deps.invoke(this.eventOf(messages)), messages);
      await this.delete(messages.filter(({ MessageId }) => !failed.has(MessageId)));
    } catch (error) {
      // Nothing is deleted. The messages are redelivered after their visibility timeout.
      this.deps.onError(error as Error);
    }
  }

  private async delete(messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    const entries = messages.map(({ MessageId, ReceiptHandle }) => ({ Id: MessageId, ReceiptHandle }));
    await this.deps.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.deps.queueUrl, Entries: entries }));
  }

  private eventOf(messages: readonly Message[]): SQSEvent {
    const [, , , region = ''] = this.settings.queueArn.split(':');
    return {
      Records: messages.map(({ MessageId, ReceiptHandle, Body, Attributes, MD5OfBody }) => ({
        messageId: MessageId ?? '',
        receiptHandle: ReceiptHandle ?? '',
        body: Body ?? '',
        attributes: {
          ApproximateReceiveCount: Attributes?.ApproximateReceiveCount ?? '',
          SentTimestamp: Attributes?.SentTimestamp ?? '',
          SenderId: Attributes?.SenderId ?? '',
          ApproximateFirstReceiveTimestamp: Attributes?.ApproximateFirstReceiveTimestamp ?? '',
        },
        messageAttributes: {},
        md5OfBody: MD5OfBody ?? '',
        eventSource: 'aws:sqs',
        eventSourceARN: this.settings.queueArn,
        awsRegion: region,
      })),
    };
  }
}

const pauseAfterErrorMs = 200;

/**
 * The IDs of the messages that the function reports as failed. An empty or missing list means success.
 * @throws InvocationError if it reports anything except messages of the batch. Lambda then treats the whole batch as failed
 * (Lambda developer guide, "Implementing partial batch responses": identifiers that are empty, null or misnamed).
 */
function failedIds(answer: unknown, messages: readonly Message[]): ReadonlySet<unknown> {
  const { batchItemFailures } = (answer ?? {}) as Partial<SQSBatchResponse>;
  const failed = (batchItemFailures ?? []).map(
    (failure: Partial<SQSBatchItemFailure> | null) => failure?.itemIdentifier,
  );
  const known = new Set(messages.map(({ MessageId }) => MessageId));
  if (!failed.every((id) => known.has(id))) {
    throw new InvocationError('the function reported a message that is not in its batch');
  }
  return new Set(failed);
}
