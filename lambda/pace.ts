import { type Clock, systemClock } from './clock';

/**
 * Lets calls start at no more than so many a second in this execution environment.
 *
 * The event source's maximum concurrency times this rate is what the account is allowed, so that no environment need
 * know of another.
 */
export class Pace {
  /** When the latest calls started, the oldest first: as many as may start in a second. */
  private readonly starts: number[] = [];
  private latestTurn: Promise<void> = Promise.resolve();

  /** @param requestsPerSecond a whole number. */
  constructor(
    private readonly requestsPerSecond: number,
    private readonly clock: Clock = systemClock,
  ) {}

  /** Resolves when the next call may start; in the order in which it was asked. */
  turn(): Promise<void> {
    this.latestTurn = this.latestTurn.then(() => this.nextStart());
    return this.latestTurn;
  }

  private async nextStart(): Promise<void> {
    const oldest = this.starts.length < this.requestsPerSecond ? undefined : this.starts.shift();
    if (oldest !== undefined) {
      const waitMs = oldest + windowMs - this.clock.now();
      if (waitMs > 0) await this.clock.sleep(waitMs);
    }
    this.starts.push(this.clock.now());
  }
}

/** A second, and what a call may gain on an earlier one on its way to ComplyCube. */
const windowMs = 1_025;
