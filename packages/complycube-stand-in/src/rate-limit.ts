const windowMs = 1000;

/** An account's rate limit. ComplyCube calls it a hard limit (API reference, Rate Limits). */
export interface RateLimitOptions {
  requestsPerSecond: number;
  /** For how long all requests are refused after an excess. ComplyCube says "throttled or blocked for a time" only. */
  blockMs: number;
  /** A monotonic clock. */
  nowMs: () => number;
}

/**
 * An exact sliding window: it accepts at most the limit in any period of 1,000 ms. Refused requests do not count toward
 * the limit.
 */
export class RateLimit {
  readonly #accepted = new RecentMoments();
  readonly #received = new RecentMoments();
  #blockedUntilMs = -Infinity;
  #peak = 0;

  constructor(private readonly options: RateLimitOptions) {}

  /** Counts a request that arrives now. @returns whether it is accepted. */
  accept(): boolean {
    const { requestsPerSecond, blockMs, nowMs } = this.options;
    const now = nowMs();
    this.#received.add(now);
    this.#peak = Math.max(this.#peak, this.#received.countAt(now));
    if (now < this.#blockedUntilMs) return false;
    if (this.#accepted.countAt(now) < requestsPerSecond) {
      this.#accepted.add(now);
      return true;
    }
    this.#blockedUntilMs = now + blockMs;
    return false;
  }

  /** The maximum number of requests, accepted or refused, in any 1,000 ms. */
  get peakRequestsPerSecond(): number {
    return this.#peak;
  }
}

/** The moments of the last window, oldest first. */
class RecentMoments {
  readonly #moments: number[] = [];

  add(moment: number): void {
    this.#moments.push(moment);
  }

  countAt(now: number): number {
    while (this.#moments[0] !== undefined && this.#moments[0] <= now - windowMs) this.#moments.shift();
    return this.#moments.length;
  }
}
