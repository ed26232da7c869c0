/** The calls to ComplyCube, as it counted them. */
export interface CallCounts {
  readonly calls: number;
  /** Answered 429. */
  readonly refused: number;
  /** The most that arrived within any second. */
  readonly peakRequestsPerSecond: number;
}

/** The calls, and when each live photo was stored: the earliest first, in milliseconds since 1970. */
export interface Calls extends CallCounts {
  readonly storedAtMs: readonly number[];
}

/** What a drain came to. */
export interface DrainFigures extends CallCounts {
  readonly livePhotos: number;
  /** Photos a second while there was a backlog, as a part of the limit: 1 is all of it. NaN when there was none. */
  readonly shareOfLimit: number;
  /** 429s, as a part of all calls. */
  readonly shareRefused: number;
  /** From the first event in the queue until the last message was done with. */
  readonly tookMs: number;
}

/** What a drain is to come to. */
export const drainGoals = { leastShareOfLimit: 0.97, shareRefusedBelow: 0.001 } as const;

/** Whether a drain came to what it is to come to. */
export function hasReachedGoals({ shareOfLimit, shareRefused }: DrainFigures): boolean {
  return shareOfLimit >= drainGoals.leastShareOfLimit && shareRefused < drainGoals.shareRefusedBelow;
}

/** Seconds' worth of photos at either end in which environments start, and run out of work, one after the other. */
const uncountedSeconds = 2;
/** Fewer seconds' worth of photos tell little. */
export const leastBacklogSeconds = 10;

/**
 * Works out what a drain came to.
 *
 * Calls come in bursts, as many in each second as the limit allows: a whole number of seconds' worth is counted, or the share
 * would depend on where in a burst the count begins and ends.
 */
export function figuresOf(
  { storedAtMs, ...counts }: Calls & { readonly tookMs: number },
  requestsPerSecond: number,
): DrainFigures {
  const countedSeconds = Math.floor((storedAtMs.length - 1) / requestsPerSecond) - 2 * uncountedSeconds;
  const first = uncountedSeconds * requestsPerSecond;
  const spanMs = (storedAtMs[first + countedSeconds * requestsPerSecond] ?? NaN) - (storedAtMs[first] ?? NaN);
  return {
    ...counts,
    livePhotos: storedAtMs.length,
    shareOfLimit: (countedSeconds * 1000) / spanMs,
    shareRefused: counts.refused / Math.max(counts.calls, 1),
  };
}
