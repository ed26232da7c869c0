/** Waits for work, but not after the signal: then the promise is rejected with the signal's reason. */
export async function orAbort<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  signal?.throwIfAborted();
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal?.reason as Error);
  });
  signal?.addEventListener('abort', abort);
  return Promise.race([work, aborted]).finally(() => signal?.removeEventListener('abort', abort));
}
