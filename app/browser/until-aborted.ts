/**
 * Does work until a signal ends it. The promise is then rejected with the signal's reason.
 * @param work gets a signal that is aborted when nobody waits for the work any more, and a function that ends it with an error.
 */
export async function untilAborted<Result>(
  signal: AbortSignal | undefined,
  work: (end: AbortSignal, fail: (error: unknown) => void) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const end = new AbortController();
  try {
    return await new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error), end);
      work(end.signal, reject).then(resolve, reject);
    });
  } finally {
    end.abort();
  }
}
