import { GetQueueAttributesCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../../lambda/clock';
import { CommandError } from '../command-error';

/** How fast to feed a queue. */
export interface FeedOptions {
  readonly messagesPerSecond: number;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** Told that the feed waits, with how many messages the queue has; undefined: it goes on. */
  readonly onWait?: (waiting: number | undefined) => void;
  /** Once aborted, the feed waits for nothing any more, and sends nothing more. */
  readonly signal: AbortSignal;
}

/** SQS takes so many messages at once. */
export const maxBatch = 10;
/** New photos wait behind what was fed: no longer than this. */
const maxReadySeconds = 60;
/** SQS lets 120,000 messages be in flight, and those that are tried again later are: no outage may bring the feed near that. */
const maxHeld = 20_000;
const pollMs = 5_000;
const maxAttempts = 5;

/**
 * Sends messages to the upload queue no faster than the function takes them on, and waits while many are there: a queue that
 * fills for days would let messages expire, and new photos wait.
 */
export class QueueFeed {
  private nextSendMs = 0;
  private nextPollMs = 0;

  constructor(
    private readonly sqs: SQSClient,
    private readonly queueUrl: string,
    private readonly options: FeedOptions,
  ) {}

  /**
   * Sends up to ten messages when their time has come.
   * @returns whether they were sent; not, once the signal is aborted.
   * @throws CommandError when SQS does not take one of them.
   */
  async send(bodies: readonly string[]): Promise<boolean> {
    const { clock, messagesPerSecond, signal } = this.options;
    if (clock.now() >= this.nextPollMs) await this.waitForRoom();
    const waitMs = this.nextSendMs - clock.now();
    if (waitMs > 0) await clock.sleep(waitMs);
    if (signal.aborted) return false;
    this.nextSendMs = Math.max(clock.now(), this.nextSendMs) + (bodies.length / messagesPerSecond) * 1000;
    await this.sendBatch(bodies);
    return true;
  }

  private async waitForRoom(): Promise<void> {
    const { clock, messagesPerSecond, signal, onWait = () => undefined } = this.options;
    let hasWaited = false;
    while (!signal.aborted) {
      const { ready, held } = await this.depth();
      this.nextPollMs = clock.now() + pollMs;
      if (ready < messagesPerSecond * maxReadySeconds && held < maxHeld) break;
      hasWaited = true;
      onWait(ready + held);
      await clock.sleep(pollMs);
    }
    if (hasWaited) onWait(undefined);
  }

  private async depth(): Promise<{ readonly ready: number; readonly held: number }> {
    const { Attributes = {} } = await this.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return {
      ready: Number(Attributes['ApproximateNumberOfMessages']),
      held: Number(Attributes['ApproximateNumberOfMessagesNotVisible']),
    };
  }

  /** A batch may be taken in part: the rest is sent again, so that none is left out. */
  private async sendBatch(bodies: readonly string[]): Promise<void> {
    let entries = bodies.map((body, at) => ({ Id: String(at), MessageBody: body }));
    for (let attempt = 1; ; attempt++) {
      const { Failed = [] } = await this.sqs.send(
        new SendMessageBatchCommand({ QueueUrl: this.queueUrl, Entries: entries }),
      );
      if (Failed.length === 0) return;
      if (attempt === maxAttempts || Failed.some(({ SenderFault }) => SenderFault === true)) {
        throw new CommandError(`The upload queue did not take a message: ${Failed[0]?.Code ?? 'SQS does not say why'}`);
      }
      entries = entries.filter(({ Id }) => Failed.some((failure) => failure.Id === Id));
      await this.options.clock.sleep(attempt * 200);
    }
  }
}
