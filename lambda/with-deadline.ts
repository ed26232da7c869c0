import type { Clock } from './clock';

/** How long a piece of work may take. */
export interface Deadline {
  /** From now, in milliseconds. Then the result is the error, even if the work never settles. */
  readonly ms: number;
  /** How much earlier the work's signal is aborted, so that it can clean up. Default: 0. */
  readonly reserveMs?: number;
  /** What the work is aborted with, and what the caller gets. */
  readonly error: Error;
}

/**
 * Runs a piece of work that can't hold its caller: its signal is aborted in time, and at the deadline its promise is ignored.
 * A pending timer keeps the event loop alive, so that the process never ends with the work unsettled.
 * @throws what the work throws, or the deadline's error.
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
