import { backoffMs } from './backoff';
import { accountFaultWaitMs, clockSkewMs, listingDelayMs, maxWaitMs, secondLookAfterMs } from './durations';

/**
 * How one receive of a message can end without an outcome for its photo.
 *
 * `failed`: processing ends after at most the photo's deadline, and then the wait starts. `killed`: the wait counts from the start of
 * processing, when it was first set. `not-started`: the queue's visibility timeout applies.
 */
export type FailedReceive =
  { readonly end: 'failed'; readonly hintMs?: number } | { readonly end: 'killed' } | { readonly end: 'not-started' };

/** Settings of the queue and the function that decide how long a photo is retried. */
export interface RetrySettings {
  readonly maxReceiveCount: number;
  /** The queue's visibility timeout. */
  readonly visibilityMs: number;
  readonly photoDeadlineMs: number;
}

/** The shortest and the longest time from the first receive of a message to its move to the dead-letter queue. */
export interface RetryBounds {
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** A photo is retried for at least four days, whatever fails. */
export const minRetriesMs = 4 * 86_400_000;

/** A message reaches the dead-letter queue at least a day before the upload queue's retention ends. */
export const retentionMarginMs = 86_400_000;

const failed: FailedReceive = { end: 'failed' };
const killed: FailedReceive = { end: 'killed' };
const notStarted: FailedReceive = { end: 'not-started' };
const failedWith = (hintMs: number): FailedReceive => ({ end: 'failed', hintMs });
/** After an unknown outcome, the next delivery waits until ComplyCube lists the live photo. */
const outcomeUnknown = failedWith(clockSkewMs + listingDelayMs);

const singleKinds = {
  '429 without Retry-After': [failed],
  '429 with Retry-After: 0': [failedWith(0)],
  '429 with Retry-After: 1': [failedWith(1_000)],
  '429 with a date in the past': [failedWith(-3_600_000)],
  '429 with Retry-After of ten hours': [failedWith(10 * 3_600_000)],
  '429 with any hint': [failed, failedWith(1_000), failedWith(maxWaitMs), failedWith(10 * 3_600_000)],
  '5xx, or no answer': [outcomeUnknown],
  '5xx with any hint': [outcomeUnknown, failedWith(10 * 3_600_000)],
  'ComplyCube unreachable': [failed],
  'account fault': [failedWith(accountFaultWaitMs)],
  'no API key': [failedWith(accountFaultWaitMs)],
  'Secrets Manager failing': [failed],
  'S3 failing': [failed, outcomeUnknown],
  'claims failing, or held by another delivery': [failed, outcomeUnknown],
  'EventBridge failing': [failed],
  'an erasure looks again later': [failed, failedWith(secondLookAfterMs)],
  'SQS failing: no wait can be set': [notStarted, killed],
  'photo deadline exceeded': [failed, outcomeUnknown],
  'no time left in the invocation': [failed],
  'function killed in each invocation': [killed],
  'function unable to start': [notStarted],
} satisfies Readonly<Record<string, readonly FailedReceive[]>>;

/** The kinds of failures, each with the ends that a receive can have. */
export const failureKinds: Readonly<Record<string, readonly FailedReceive[]>> = singleKinds;

/** All ends, for the worst mixture of failures: each receive has the shortest or the longest end. */
export const anyMixture: readonly FailedReceive[] = Object.values(singleKinds).flat();

/**
 * Computes how long a message is retried if each of its receives has one of these ends.
 *
 * Assumes that a visible message is received within minutes. Time in a backlog is added.
 */
export function retryBounds(ends: readonly FailedReceive[], settings: RetrySettings): RetryBounds {
  let earliestMs = 0;
  let latestMs = 0;
  for (let receives = 1; receives <= settings.maxReceiveCount; receives++) {
    const bounds = ends.map((receive) => receiveBounds(receive, receives, settings));
    earliestMs += Math.min(...bounds.map((bound) => bound.earliestMs));
    latestMs += Math.max(...bounds.map((bound) => bound.latestMs));
  }
  return { earliestMs, latestMs };
}

/** The time from one receive until the message is visible again. */
function receiveBounds(receive: FailedReceive, receives: number, settings: RetrySettings): RetryBounds {
  const { visibilityMs, photoDeadlineMs } = settings;
  if (receive.end === 'not-started') return { earliestMs: visibilityMs, latestMs: visibilityMs };
  const hintMs = receive.end === 'failed' ? receive.hintMs : undefined;
  const shortestMs = backoffMs(receives, hintMs, () => 0);
  const longestMs = backoffMs(receives, hintMs, () => 1);
  if (receive.end === 'failed') return { earliestMs: shortestMs, latestMs: photoDeadlineMs + longestMs };
  return { earliestMs: Math.max(shortestMs, photoDeadlineMs), latestMs: Math.max(longestMs, photoDeadlineMs) };
}
