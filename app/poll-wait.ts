const firstWaitMs = 200;
const maxWaitMs = 5_000;

/**
 * How long to wait before the tags are read again, in milliseconds: twice as long each time up to 5 s, of which a random half
 * is left out, so that those who began together don't ask together.
 * @param reads how often they have been read; at least 1.
 */
export function pollWaitMs(reads: number, random = Math.random): number {
  const wait = Math.min(maxWaitMs, firstWaitMs * 2 ** (reads - 1));
  return wait * (1 - random() / 2);
}
