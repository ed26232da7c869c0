const firstWaitMs = 200;
const maxWaitMs = 5_000;

/**
 * The wait before the tags are read again, in milliseconds: exponential backoff up to 5 s, with jitter between half and all of
 * it.
 * @param reads the number of reads so far, at least 1.
 */
export function pollWaitMs(reads: number, random = Math.random): number {
  const wait = Math.min(maxWaitMs, firstWaitMs * 2 ** (reads - 1));
  return wait * (1 - random() / 2);
}
