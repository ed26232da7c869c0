import { setTimeout as sleep } from 'node:timers/promises';

/** Shorter than a test's time limit, so that a failed test does not keep the process alive. */
const timeoutMs = 600_000;

/**
 * Waits until a condition is true.
 * @throws Error after ten minutes.
 */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`This did not become true: ${isTrue.toString()}`);
    await sleep(5);
  }
}
