const firstWaitMs = 30_000;
const maxWaitMs = 60 * 60_000;

/**
 * How long to wait before a message is tried again: what was asked for, else 30 s × 2^receives with full jitter; at
 * most an hour. ComplyCube advises exponential backoff with jitter "starting with a 30-second delay".
 * @param receives how often the message has been received, this time included.
 */
export function backoffMs(receives: number, askedMs: number | undefined, random = Math.random): number {
  if (askedMs !== undefined) return Math.min(askedMs, maxWaitMs);
  return Math.min(maxWaitMs, firstWaitMs * 2 ** receives) * random();
}
