import type { ReceivedMessage, UploadQueue } from './aws/upload-queue';
import type { Clock } from './clock';
import { describeError, type Log } from './observe/log';

/** The most that one request deletes (SQS API reference, DeleteMessageBatch). */
const maxInRequest = 10;

/** A message must be deleted before it is visible again, which is at least a minute after its receive. */
const longestWaitMs = 2_000;

/** Deletes messages that are done, up to ten with one request. */
export class Deletions {
  private pending: ReceivedMessage[] = [];
  private readonly requests: Promise<void>[] = [];
  private stopTimer: (() => void) | undefined;

  constructor(
    private readonly queue: Pick<UploadQueue, 'delete'>,
    private readonly clock: Pick<Clock, 'after'>,
    private readonly log: Log,
  ) {}

  /** Deletes each message once its processing is fulfilled. */
  addWhenDone(messages: readonly ReceivedMessage[], processing: readonly Promise<void>[]): void {
    messages.forEach((message, at) => {
      processing[at]?.then(
        () => {
          this.add(message);
        },
        () => undefined, // it is retried
      );
    });
  }

  /** Deletes what is pending, and waits for all requests. Never rejects. */
  async end(): Promise<void> {
    this.deletePending();
    await Promise.all(this.requests);
  }

  private add(message: ReceivedMessage): void {
    this.pending.push(message);
    if (this.pending.length === maxInRequest) this.deletePending();
    else {
      this.stopTimer ??= this.clock.after(longestWaitMs, () => {
        this.deletePending();
      });
    }
  }

  private deletePending(): void {
    this.stopTimer?.();
    this.stopTimer = undefined;
    const messages = this.pending;
    this.pending = [];
    if (messages.length === 0) return;
    const request = this.queue.delete(messages).catch((error: unknown) => {
      // They are delivered again, and skipped because of their tags.
      this.log.warn('messages could not be deleted', { messages: messages.length, error: describeError(error) });
    });
    this.requests.push(request);
  }
}
