/**
 * Does work until a signal ends it. The promise is then rejected with the signal's reason.
 * @param work gets a signal that is aborted when nobody waits for the work any more.
 */
export async function untilAborted<Result>(
  signal: AbortSignal | undefined,
  work: (end: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const end = new AbortController();
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal?.reason as Error);
  });
  signal?.addEventListener('abort', abort);
  try {
    return await Promise.race([work(end.signal), aborted]);
  } finally {
    signal?.removeEventListener('abort', abort);
    end.abort();
  }
}
