import { firstWaitMs, jitterFactor, maxWaitMs } from './durations';

/**
 * Computes the wait before the next attempt: exponential backoff with jitter, up to {@link maxWaitMs}. ComplyCube recommends
 * exponential backoff with jitter "starting with a 30-second delay".
 *
 * A hint can only lengthen the wait. If it could shorten it, a message would reach maxReceiveCount within minutes.
 * @param receives how often the message was received, including this time.
 * @param hintMs the wait that the failure asks for, such as `Retry-After`. 0 and negative numbers are ignored.
 * @param random returns a number from 0 to 1.
 */
export function backoffMs(receives: number, hintMs: number | undefined, random: () => number = Math.random): number {
  const waitMs = Math.min(Math.max(hintMs ?? 0, firstWaitMs * 2 ** receives), maxWaitMs);
  return waitMs * (1 + (jitterFactor - 1) * random());
}
