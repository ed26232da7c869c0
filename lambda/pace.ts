import { type Clock, processClock } from './clock';

/**
 * Lets calls start at no more than so many a second in this execution environment.
 *
 * The event source's maximum concurrency times this rate is what the account is allowed, so that no environment need
 * know of another.
 */
export class Pace {
  /** When the latest calls started, the oldest first: as many as may start within the window. */
  private readonly starts: number[] = [];
  private latestTurn: Promise<void> = Promise.resolve();
  private readonly callsPerWindow: number;
  private readonly windowMs: number;

  /** @param requestsPerSecond may be a fraction: below one call a second, the window grows. */
  constructor(
    requestsPerSecond: number,
    private readonly clock: Clock = processClock,
  ) {
    this.callsPerWindow = Math.max(1, Math.floor(requestsPerSecond));
    this.windowMs = (this.callsPerWindow / requestsPerSecond) * 1000 + driftMs;
  }

  /** Resolves when the next call may start; in the order in which it was asked. */
  turn(): Promise<void> {
    this.latestTurn = this.latestTurn.then(() => this.nextStart());
    return this.latestTurn;
  }

  private async nextStart(): Promise<void> {
    const oldest = this.starts.length < this.callsPerWindow ? undefined : this.starts.shift();
    if (oldest !== undefined) {
      const waitMs = oldest + this.windowMs - this.clock.now();
      if (waitMs > 0) await this.clock.sleep(waitMs);
    }
    this.starts.push(this.clock.now());
  }
}

/** What a call may gain on an earlier one on its way to ComplyCube. */
const driftMs = 25;
