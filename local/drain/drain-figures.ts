import type { Paint } from '../paint';

/** The calls to ComplyCube, counted by the stand-in. */
export interface CallCounts {
  readonly calls: number;
  /** Calls that were answered with 429. */
  readonly refused: number;
  /** The maximum number of calls within one second. */
  readonly peakRequestsPerSecond: number;
}

/** The calls, and when each live photo was stored. */
export interface Calls extends CallCounts {
  /** In milliseconds since 1970, earliest first. */
  readonly storedAtMs: readonly number[];
}

/** The result of a drain. */
export interface DrainFigures extends CallCounts {
  readonly livePhotos: number;
  /** Photos per second while there was a backlog, divided by the limit. NaN if there was no backlog. */
  readonly shareOfLimit: number;
  /** Calls that were answered with 429, divided by all calls. */
  readonly shareRefused: number;
  /** From the first event in the queue until the queue was empty. */
  readonly tookMs: number;
}

/** The goals of a drain. */
const drainGoals = { leastShareOfLimit: 0.97, shareRefusedBelow: 0.001 } as const;

/** Whether a drain reached its goals. */
export function hasReachedGoals({ shareOfLimit, shareRefused }: DrainFigures): boolean {
  return shareOfLimit >= drainGoals.leastShareOfLimit && shareRefused < drainGoals.shareRefusedBelow;
}

/** At the start and at the end, not all environments work. Photos of this time are not counted. */
const uncountedSeconds = 2;
/** Results from fewer photos are not meaningful. */
export const leastBacklogSeconds = 10;

/**
 * Computes the result of a drain. Calls come in one burst per second, so only whole seconds are counted: otherwise the share
 * would depend on where in a burst the count starts and ends.
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

/** Renders the result of a drain. */
export function renderDrain(figures: DrainFigures, paint: Paint): string {
  const { livePhotos, shareOfLimit, shareRefused, calls, refused, peakRequestsPerSecond, tookMs } = figures;
  const { leastShareOfLimit, shareRefusedBelow } = drainGoals;
  const judged = (isReached: boolean, row: string): string => paint(isReached ? 'green' : 'red', row);
  return [
    renderRow('live photos', String(livePhotos), `in ${(tookMs / 1000).toFixed(1)} s, including cold starts`),
    judged(
      shareOfLimit >= leastShareOfLimit,
      renderRow('share of the limit', percent(shareOfLimit, 1), `goal: ${percent(leastShareOfLimit, 0)} or more`),
    ),
    renderRow('calls', String(calls), `at most ${peakRequestsPerSecond} within one second`),
    judged(
      shareRefused < shareRefusedBelow,
      renderRow(
        'answered with 429',
        percent(shareRefused, 2),
        `${refused} calls; goal: below ${percent(shareRefusedBelow, 1)}`,
      ),
    ),
  ].join('\n');
}

function renderRow(name: string, figure: string, more: string): string {
  return `  ${name.padEnd(20)}${figure.padStart(8)}  ${more}`;
}

function percent(share: number, digits: number): string {
  return `${(share * 100).toFixed(digits)} %`;
}
