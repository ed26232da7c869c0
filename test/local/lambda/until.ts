import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until something is so.
 * @throws when it never is, so that nothing is left waiting behind a test that failed.
 */
export async function until(isSo: () => boolean, patienceMs = 10_000): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!isSo()) {
    if (performance.now() > end) throw new Error('It never came to be so');
    await sleep(5);
  }
}
