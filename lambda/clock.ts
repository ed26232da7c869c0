import { setTimeout as sleep } from 'node:timers/promises';

/** Time, as far as the function needs it. Tests pass their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Calls `fire` after `ms`, unless the returned function is called before. Keeps the process alive until then. */
  after(ms: number, fire: () => void): () => void;
}

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => sleep(ms),
  after: (ms, fire) => {
    const timer = setTimeout(fire, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};
