import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { Queue, type ReceivedMessage } from 'local-aws/sqs/queue';
import { deadLetterRetentionDays, maxReceiveCount, maxWaitMs, queueRetentionDays } from '../../../contract/durations';
import { receivesFewer } from '../../pipeline/pipeline';
import { photoEvent } from './photo-event';
import type { VirtualClock } from './virtual-clock';

/** How long each request takes. */
const requestMs = 10;

const realTime = { waitSpeed: 1, leastWaitMs: 0, leastWorkMs: 0 };
const daySeconds = 86_400;

/** The upload queue and its dead-letter queue, with the deployed settings, and SQS's answers to the requests of the function. */
export class VirtualSqs {
  /** Requests to SQS so far, those that send the events included. */
  requests = 0;
  /** When a message was last received for the first time, in milliseconds since 1970. */
  lastNewAtMs = 0;
  /** The most receives of one message. */
  mostReceives = 0;
  /** The most messages in flight. */
  mostInFlight = 0;
  /** The upload queue. */
  readonly arn = 'uploads';
  private readonly uploads: Queue;
  private readonly deadLetters: Queue;
  /** Receives that wait for a message. */
  private readonly waiting = new Set<() => void>();

  constructor(private readonly clock: VirtualClock) {
    const deps = { now: () => clock.now(), pace: realTime, onChange: () => undefined };
    const common = { delaySeconds: 0, visibilityTimeoutSeconds: 30 };
    this.deadLetters = new Queue({
      ...deps,
      ...{ name: 'dead-letters', arn: 'dead-letters' },
      settings: () => ({ ...common, retentionSeconds: deadLetterRetentionDays * daySeconds }),
    });
    const settings = {
      ...common,
      visibilityTimeoutSeconds: maxWaitMs / 1000,
      retentionSeconds: queueRetentionDays * daySeconds,
      redrive: { maxReceiveCount, deadLetters: this.deadLetters },
    };
    this.uploads = new Queue({
      ...deps,
      ...{ name: 'uploads', arn: this.arn },
      settings: () => settings,
      onChange: () => {
        for (const wake of this.waiting) wake();
      },
    });
  }

  /** Sends the event of a photo that arrives now. */
  sendEvent(photo: number): void {
    this.requests++;
    // Only the number: the body of a million events would not fit into memory.
    this.uploads.send(String(photo), new Map());
  }

  /** The number of messages in the upload queue, hidden ones included. */
  get queued(): number {
    const { ready, inFlight, delayed } = this.uploads.depth();
    return ready + inFlight + delayed;
  }

  /** The number of messages that were moved to the dead-letter queue. */
  get deadLettered(): number {
    return this.deadLetters.depth().ready;
  }

  /** A client with the requests of the event source mapping and of the function. */
  get client(): SQSClient {
    const send = async (command: unknown, options: { readonly abortSignal?: AbortSignal } = {}): Promise<object> => {
      this.requests++;
      await this.clock.sleep(requestMs);
      options.abortSignal?.throwIfAborted();
      if (command instanceof ReceiveMessageCommand) return this.receive(command.input);
      if (command instanceof DeleteMessageBatchCommand) {
        for (const { ReceiptHandle = '' } of command.input.Entries ?? []) this.uploads.delete(ReceiptHandle);
        return {};
      }
      if (command instanceof ChangeMessageVisibilityBatchCommand) {
        return this.changeVisibility(command.input);
      }
      throw new Error('The simulated SQS does not know this command');
    };
    return { send } as unknown as SQSClient;
  }

  private changeVisibility({ Entries = [] }: ChangeMessageVisibilityBatchCommand['input']): object {
    const Failed = Entries.flatMap(({ Id, ReceiptHandle = '', VisibilityTimeout = 0 }) => {
      try {
        this.uploads.changeVisibility(ReceiptHandle, VisibilityTimeout);
        return [];
      } catch {
        return [{ Id, Code: 'MessageNotInflight' }];
      }
    });
    return { Failed };
  }

  private async receive(input: ReceiveMessageCommand['input']): Promise<{ readonly Messages?: Message[] }> {
    const { MaxNumberOfMessages = 1, WaitTimeSeconds = 0, VisibilityTimeout } = input;
    const endMs = this.clock.now() + WaitTimeSeconds * 1000;
    for (;;) {
      const messages = this.uploads.receive(receivesFewer(MaxNumberOfMessages), VisibilityTimeout);
      if (messages.length > 0) {
        this.count(messages);
        return { Messages: messages.map(describeMessage) };
      }
      if (this.clock.now() >= endMs) return {};
      await this.untilChange(Math.min(endMs, this.uploads.nextReadyAtMs() ?? endMs));
    }
  }

  private count(received: readonly ReceivedMessage[]): void {
    if (received.some(({ receiveCount }) => receiveCount === 1)) this.lastNewAtMs = this.clock.now();
    this.mostReceives = Math.max(this.mostReceives, ...received.map(({ receiveCount }) => receiveCount));
    this.mostInFlight = Math.max(this.mostInFlight, this.uploads.depth().inFlight);
  }

  /** Resolves when the queue changes, or at a time. */
  private untilChange(atMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.waiting.delete(wake);
        stopTimer();
        resolve();
      };
      const stopTimer = this.clock.after(atMs - this.clock.now(), wake);
      this.waiting.add(wake);
    });
  }
}

function describeMessage({ id, receiptHandle, body, sentAtMs, receiveCount, firstReceivedAtMs }: ReceivedMessage) {
  return {
    MessageId: id,
    ReceiptHandle: receiptHandle,
    Body: photoEvent(Number(body), sentAtMs),
    Attributes: {
      SentTimestamp: String(sentAtMs),
      ApproximateReceiveCount: String(receiveCount),
      ApproximateFirstReceiveTimestamp: String(firstReceivedAtMs),
    },
  };
}
