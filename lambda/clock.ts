import { setTimeout as sleep } from 'node:timers/promises';

/** The time functions that the function uses. Tests replace them. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Calls `fire` after `ms`, unless the returned function is called before. Keeps the process alive until then. */
  after(ms: number, fire: () => void): () => void;
}

/** The clock of this machine. */
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
