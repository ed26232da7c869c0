import { prices } from '../prices';

/** Settings of a drain. */
export interface DrainSettings {
  readonly photos: number;
  readonly photoBytes: number;
  /** The stack's setting. */
  readonly requestsPerSecond: number;
  /** What ComplyCube allows in a second. */
  readonly vendorLimit: number;
  /** For how long ComplyCube refuses everything after an excess. */
  readonly vendorBlockSeconds: number;
  /** The event source's maximum concurrency. */
  readonly concurrency: number;
  /** The stand-in's minimum latency. The maximum is 1.5 times as long. */
  readonly latencyMs: number;
}

/** The calls to ComplyCube, counted by the stand-in. */
export interface CallCounts {
  /** How late the stand-in may have counted a call, at most. */
  readonly greatestDelayMs: number;
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

/** What a drain measures, besides the calls. */
export interface DrainMeasurements extends Calls {
  /** From the first event in the queue until the queue was empty. */
  readonly tookMs: number;
  /** When the last message had been received for the first time, in milliseconds since 1970. */
  readonly backlogEndedAtMs: number;
  /** The durations of the function's invocations. */
  readonly invocationsMs: readonly number[];
  readonly memoryMb: number;
  /** Invocations that ended before the backlog did. */
  readonly invocationsEnded: number;
}

/** The result of a drain. */
export interface DrainFigures extends CallCounts {
  readonly livePhotos: number;
  /**
   * Photos per second while there was a backlog, divided by the smaller one of the setting and what ComplyCube allows. NaN if there
   * was no backlog.
   */
  readonly shareOfLimit: number;
  /** Calls that were answered with 429, divided by all calls. */
  readonly shareRefused: number;
  /** Lambda's time, divided by the photos. */
  readonly billedMsPerPhoto: number;
  /** Lambda's price for a million photos: time and requests. */
  readonly dollarsPerMillion: number;
  readonly invocationsEnded: number;
  readonly tookMs: number;
}

/** At the start, execution environments start, and their pace rises. */
const uncountedMs = 10_000;
/** Results from a shorter backlog are not meaningful. */
export const leastBacklogSeconds = 10;

/**
 * Computes how much of a limit was used from ten seconds after the first call until the backlog ended. Calls come in one burst per
 * second, so whole seconds are counted: otherwise the share would depend on where in a burst the count starts and ends.
 * @param calledAtMs the time of each call, earliest first.
 * @param limit in calls per second.
 */
export function shareOfLimit(calledAtMs: readonly number[], backlogEndedAtMs: number, limit: number): number {
  const startMs = (calledAtMs[0] ?? NaN) + uncountedMs;
  const countedSeconds = Math.floor((backlogEndedAtMs - startMs) / 1000);
  const endMs = startMs + countedSeconds * 1000;
  return calledAtMs.filter((atMs) => atMs >= startMs && atMs < endMs).length / countedSeconds / limit;
}

/** Computes the result of a drain. */
export function figuresOf(measured: DrainMeasurements, settings: DrainSettings): DrainFigures {
  const {
    storedAtMs,
    calls,
    refused,
    peakRequestsPerSecond,
    greatestDelayMs,
    tookMs,
    invocationsMs,
    invocationsEnded,
  } = measured;
  const { requestsPerSecond, vendorLimit } = settings;
  const livePhotos = storedAtMs.length;
  const billedMs = invocationsMs.reduce((sum, ms) => sum + ms, 0);
  const dollars = lambdaDollars(invocationsMs, measured.memoryMb);
  return {
    ...{ calls, refused, peakRequestsPerSecond, greatestDelayMs, livePhotos, tookMs, invocationsEnded },
    shareOfLimit: shareOfLimit(storedAtMs, measured.backlogEndedAtMs, Math.min(requestsPerSecond, vendorLimit)),
    shareRefused: refused / Math.max(calls, 1),
    billedMsPerPhoto: Math.round(billedMs / livePhotos),
    dollarsPerMillion: Math.round((dollars / livePhotos) * 1e8) / 100,
  };
}

/** Lambda's price of invocations: time and requests. @param invocationsMs their durations. */
export function lambdaDollars(invocationsMs: readonly number[], memoryMb: number): number {
  const { arm64GigabyteSecond, request } = prices.lambda;
  const seconds = invocationsMs.reduce((sum, ms) => sum + ms, 0) / 1000;
  return seconds * (memoryMb / 1024) * arm64GigabyteSecond + invocationsMs.length * request;
}
