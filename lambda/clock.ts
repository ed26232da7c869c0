import { setTimeout } from 'node:timers/promises';

/** Time, as far as the pace needs it; a test brings its own. */
export interface Clock {
  /** Milliseconds since any fixed moment; never goes back. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** The time of this process. */
export const processClock: Clock = {
  now: () => performance.now(),
  sleep: (ms) => setTimeout(ms),
};
