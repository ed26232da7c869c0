import { type Clock, systemClock } from '../clock';

/** Permission for one call to start. */
export interface Turn {
  /** Must be called when the request is sent or abandoned. Only the first call counts. */
  readonly sent: () => void;
}

/**
 * Limits the calls that start each second in this execution environment.
 *
 * The event source's maximum concurrency times this rate is the account's limit, so environments need no coordination. The second
 * counts from when a call was sent, not from when its turn began. Opening a connection may delay a call by more than the margin in
 * {@link windowMs}, and the calls behind it, which reuse connections, would reach ComplyCube too early.
 */
export class Pace {
  /** When the latest calls were sent, oldest first. At most `requestsPerSecond` entries. */
  private readonly sends: Promise<number>[] = [];
  private latestTurn: Promise<unknown> = Promise.resolve();

  /** @param requestsPerSecond a whole number. */
  constructor(
    private readonly requestsPerSecond: number,
    private readonly clock: Pick<Clock, 'now' | 'sleep'> = systemClock,
  ) {}

  /** Resolves when the next call may start, in the order of the requests. */
  turn(): Promise<Turn> {
    const turn = this.latestTurn.then(() => this.nextTurn());
    this.latestTurn = turn;
    return turn;
  }

  private async nextTurn(): Promise<Turn> {
    const oldest = this.sends.length < this.requestsPerSecond ? undefined : await this.sends.shift();
    if (oldest !== undefined) {
      // If the clock was set back, wait for one window at most.
      const waitMs = Math.min(oldest + windowMs - this.clock.now(), windowMs);
      if (waitMs > 0) await this.clock.sleep(waitMs);
    }
    return new Promise((begin) => {
      const sending = new Promise<number>((resolve) => {
        const sent = (): void => {
          resolve(this.clock.now());
        };
        begin({ sent });
      });
      this.sends.push(sending);
    });
  }
}

/** A second, plus a margin for calls that reach ComplyCube faster than earlier ones. */
const windowMs = 1_025;
