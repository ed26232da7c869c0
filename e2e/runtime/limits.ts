import { setTimeout as sleep } from 'node:timers/promises';
import { CheckError } from '../steps';

/** The limit of what takes less than a second on a quiet machine. */
export const shortTimeoutMs = 60_000;

/**
 * Waits for a promise.
 * @param what named by the error, such as `the response of the emulator`.
 * @throws CheckError after the limit.
 */
export async function within<Value>(limitMs: number, what: string, work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new CheckError(`Waited ${limitMs / 1000} s for ${what}`));
    }, limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until a condition is true. @throws CheckError after the limit. */
export async function waitUntil(limitMs: number, what: string, isTrue: () => boolean): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!isTrue()) {
    if (performance.now() > endMs) throw new CheckError(`Waited ${limitMs / 1000} s for ${what}`);
    await sleep(10);
  }
}
