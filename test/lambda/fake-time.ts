import { jest } from '@jest/globals';

/**
 * Fakes the timers and the date of the function, and nothing else: sockets, streams and promises work as usual. Time stands still until a
 * test moves it, so no test depends on how fast anything is.
 */
export function fakeTime(nowMs: number = Date.now()): void {
  jest.useFakeTimers({
    now: nowMs,
    doNotFake: [
      ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
      ...(['requestAnimationFrame', 'cancelAnimationFrame', 'requestIdleCallback', 'cancelIdleCallback'] as const),
      ...(['setInterval', 'clearInterval'] as const),
    ],
  });
}

/** Resolves when a condition is true; time stands still. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise(setImmediate);
}

/**
 * Moves time until a promise settles, a second at a time.
 * @returns what it settled with, and how long that took.
 */
export async function settled<T>(promise: Promise<T>, limitMs: number): Promise<{ value: T; tookMs: number }> {
  const startedAtMs = Date.now();
  let result: { value: T } | undefined;
  void promise.then((value) => {
    result = { value };
  });
  for (;;) {
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    const tookMs = Date.now() - startedAtMs;
    if (result !== undefined) return { ...result, tookMs };
    if (tookMs >= limitMs) throw new Error(`nothing came within ${limitMs} ms`);
    await jest.advanceTimersByTimeAsync(1_000);
  }
}

/** A request that never answers, whether it is aborted or not. */
export function never(): Promise<never> {
  return new Promise(() => undefined);
}
