import { GetQueueAttributesCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { setTimeout } from 'node:timers/promises';
import { CommandError } from '../command-error';

/** The time functions of a feed. Tests replace them. */
interface FeedClock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Options of {@link QueueFeed}. */
export interface FeedOptions {
  readonly messagesPerSecond: number;
  /** Default: real time. Its waits end when the signal is aborted. */
  readonly clock?: FeedClock;
  /** Called with the number of queued messages while the feed waits, and with undefined when it continues. */
  readonly onWait?: (waiting: number | undefined) => void;
  /** When it is aborted, the feed stops waiting and sends nothing more. */
  readonly signal: AbortSignal;
}

/** SQS's maximum for one request. */
export const maxBatch = 10;
/** New photos wait behind messages that were fed. This limits their wait. */
const maxReadySeconds = 60;
/** Messages that wait for a retry are in flight, and SQS allows 120,000. The feed stays far below, even in an outage. */
const maxInFlight = 20_000;
const pollMs = 5_000;
const maxAttempts = 5;

/**
 * Sends messages to the upload queue no faster than the function processes them, and waits while the queue is full. In a queue
 * that fills for days, messages would expire, and new photos would wait.
 */
export class QueueFeed {
  private nextSendMs = 0;
  private nextPollMs = 0;
  private readonly clock: FeedClock;

  constructor(
    private readonly sqs: SQSClient,
    private readonly queueUrl: string,
    private readonly options: FeedOptions,
  ) {
    this.clock = options.clock ?? abortableClock(options.signal);
  }

  /**
   * Waits until the pace allows it, then sends up to ten messages.
   * @returns whether they were sent: false if the signal is aborted.
   * @throws CommandError if SQS does not accept one of them.
   */
  async send(bodies: readonly string[]): Promise<boolean> {
    const { messagesPerSecond, signal } = this.options;
    const { clock } = this;
    if (clock.now() >= this.nextPollMs) await this.waitForRoom();
    const waitMs = this.nextSendMs - clock.now();
    if (waitMs > 0) await clock.sleep(waitMs);
    if (signal.aborted) return false;
    this.nextSendMs = Math.max(clock.now(), this.nextSendMs) + (bodies.length / messagesPerSecond) * 1000;
    await this.sendBatch(bodies);
    return true;
  }

  private async waitForRoom(): Promise<void> {
    const { messagesPerSecond, signal, onWait = () => undefined } = this.options;
    const { clock } = this;
    let hasWaited = false;
    while (!signal.aborted) {
      const { ready, inFlight } = await this.depth();
      this.nextPollMs = clock.now() + pollMs;
      if (ready < messagesPerSecond * maxReadySeconds && inFlight < maxInFlight) break;
      hasWaited = true;
      onWait(ready + inFlight);
      await clock.sleep(pollMs);
    }
    if (hasWaited) onWait(undefined);
  }

  private async depth(): Promise<{ readonly ready: number; readonly inFlight: number }> {
    const { Attributes = {} } = await this.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return {
      ready: Number(Attributes['ApproximateNumberOfMessages']),
      inFlight: Number(Attributes['ApproximateNumberOfMessagesNotVisible']),
    };
  }

  /** SQS may accept only a part of a batch. The rest is sent again. */
  private async sendBatch(bodies: readonly string[]): Promise<void> {
    let entries = bodies.map((body, at) => ({ Id: String(at), MessageBody: body }));
    for (let attempt = 1; ; attempt++) {
      const { Failed = [] } = await this.sqs.send(
        new SendMessageBatchCommand({ QueueUrl: this.queueUrl, Entries: entries }),
      );
      if (Failed.length === 0) return;
      if (attempt === maxAttempts || Failed.some(({ SenderFault }) => SenderFault === true)) {
        throw new CommandError(`The upload queue did not accept a message: ${Failed[0]?.Code ?? 'unknown error'}`);
      }
      entries = entries.filter(({ Id }) => Failed.some((failure) => failure.Id === Id));
      await this.clock.sleep(attempt * 200);
    }
  }
}

/** Real time, with waits that end when the signal is aborted. */
function abortableClock(signal: AbortSignal): FeedClock {
  return {
    now: () => Date.now(),
    sleep: async (ms) => {
      await setTimeout(ms, undefined, { signal }).catch(() => undefined);
    },
  };
}
