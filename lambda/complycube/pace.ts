import { type Clock, systemClock } from '../clock';

/** A call's turn to start. */
export interface Turn {
  /** To be told as soon as the call is on its way, or given up; of several times the first counts. */
  readonly sent: () => void;
}

/**
 * Lets calls start at no more than so many a second in this execution environment.
 *
 * The event source's maximum concurrency times this rate is what the account is allowed, so that no environment need
 * know of another. A call counts from when it was sent: a new connection, or a busy start, may hold it up by more than
 * {@link windowMs} has to spare, and those behind it, which find a connection, would be too early at ComplyCube.
 */
export class Pace {
  /** When the latest calls were sent, the oldest first: as many as may be in a second. */
  private readonly sends: Promise<number>[] = [];
  private latestTurn: Promise<unknown> = Promise.resolve();

  /** @param requestsPerSecond a whole number. */
  constructor(
    private readonly requestsPerSecond: number,
    private readonly clock: Pick<Clock, 'now' | 'sleep'> = systemClock,
  ) {}

  /** Resolves when the next call may start; in the order in which it was asked. */
  turn(): Promise<Turn> {
    const turn = this.latestTurn.then(() => this.nextTurn());
    this.latestTurn = turn;
    return turn;
  }

  private async nextTurn(): Promise<Turn> {
    const oldest = this.sends.length < this.requestsPerSecond ? undefined : await this.sends.shift();
    if (oldest !== undefined) {
      // A clock that was set back does not hold the calls up until it has caught up.
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

/** A second, and what a call may gain on an earlier one on its way to ComplyCube. */
const windowMs = 1_025;
