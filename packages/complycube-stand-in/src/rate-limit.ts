const windowMs = 1000;

/** How much an account may ask; ComplyCube calls these hard limits (API reference, Rate Limits). */
export interface RateLimitOptions {
  requestsPerSecond: number;
  /** How long everything is refused after an excess; ComplyCube says "throttled or blocked for a time", not how long. */
  blockMs: number;
  /** A clock that only goes forward, in milliseconds. */
  nowMs: () => number;
}

/**
 * An exact sliding window: in no period of 1,000 ms are more requests accepted than the limit says.
 *
 * Refused requests do not count, so that a caller is not blocked longer because of refused requests.
 */
export class RateLimit {
  readonly #options: RateLimitOptions;
  readonly #accepted = new RecentMoments();
  readonly #asked = new RecentMoments();
  #blockedUntilMs = -Infinity;
  #peak = 0;

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  /** Counts a request that arrives now, and tells whether it may pass. */
  accept(): boolean {
    const { requestsPerSecond, blockMs, nowMs } = this.#options;
    const now = nowMs();
    this.#asked.add(now);
    this.#peak = Math.max(this.#peak, this.#asked.countAt(now));
    if (now < this.#blockedUntilMs) return false;
    if (this.#accepted.countAt(now) < requestsPerSecond) {
      this.#accepted.add(now);
      return true;
    }
    this.#blockedUntilMs = now + blockMs;
    return false;
  }

  /** The most requests, accepted or not, that arrived within any 1,000 ms. */
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
