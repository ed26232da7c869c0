import type { Clock } from './clock';

/** The time limit of a piece of work. */
export interface Deadline {
  /** Milliseconds from now. Then the caller gets the error, even if the work never settles. */
  readonly ms: number;
  /** The signal is aborted this much earlier, so that the work can clean up. Default: 0. */
  readonly reserveMs?: number;
  /** The reason of the abort, and the error that the caller gets. */
  readonly error: Error;
}

/**
 * Runs work with a deadline. The work's signal is aborted first. At the deadline the caller gets the error, and the work's promise
 * is ignored. The pending timer keeps the event loop alive, so the process does not exit before the deadline.
 * @throws the error of the work, or the deadline's error.
 */
export async function withDeadline<T>(
  { ms, reserveMs = 0, error }: Deadline,
  clock: Pick<Clock, 'after'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const cancels: (() => void)[] = [];
  const expired = new Promise<never>((_, reject) => {
    cancels.push(
      clock.after(Math.max(0, ms - reserveMs), () => {
        controller.abort(error);
      }),
      clock.after(Math.max(0, ms), () => {
        reject(error);
      }),
    );
  });
  try {
    return await Promise.race([work(controller.signal), expired]);
  } finally {
    for (const cancel of cancels) cancel();
  }
}
