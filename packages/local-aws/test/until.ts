import { setTimeout as sleep } from 'node:timers/promises';

/** Below the time limit of a test, so that nothing waits on behind a test that failed. */
const patienceMs = 600_000;

/**
 * Waits until a condition is true.
 * @throws when it never is.
 */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`This did not become true: ${isSo.toString()}`);
    await sleep(5);
  }
}
