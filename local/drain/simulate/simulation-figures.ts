import { prices } from '../../prices';
import { lambdaDollars, shareOfLimit } from '../drain-figures';
import type { SimulatedAccount } from './simulated-account';
import type { VirtualS3 } from './virtual-s3';
import type { VirtualSqs } from './virtual-sqs';

/** What a simulation measures. Times are in milliseconds since 1970, unless the name has another unit. */
export interface SimulationMeasurements {
  readonly photos: number;
  /** The account's limit. */
  readonly requestsPerSecond: number;
  readonly startMs: number;
  readonly outcomes: {
    readonly count: number;
    readonly lastAtMs: number;
    /** The longest time from a photo's event to its outcome. */
    readonly oldestMs: number;
    /** When the last photo from before the outage's end had its outcome. */
    readonly caughtUpAtMs: number;
  };
  readonly sqs: Pick<VirtualSqs, 'requests' | 'lastNewAtMs' | 'mostReceives' | 'mostInFlight' | 'deadLettered'>;
  readonly s3: Pick<VirtualS3, 'requests'>;
  readonly account: Pick<
    SimulatedAccount,
    'calls' | 'refused' | 'livePhotos' | 'acceptedAtMs' | 'peakRequestsPerSecond'
  >;
  readonly invocationsMs: readonly number[];
  /** Undefined: there was no outage. */
  readonly outageUntilMs: number | undefined;
}

/** The result of a simulation. */
export interface SimulationFigures {
  /** From the first event to the last outcome. */
  readonly hours: number;
  /** From the end of the outage until all photos that were uploaded before have their outcome. Null: there was no outage. */
  readonly hoursAfterOutage: number | null;
  readonly livePhotos: number;
  readonly calls: number;
  /** Calls that were answered with 429. */
  readonly refused: number;
  /** The same, divided by all calls. */
  readonly shareRefused: number;
  /**
   * Accepted calls per second, divided by the limit: while the queue contained photos that had not been received yet; after an
   * outage, for `hoursAfterOutage`. Null if that was shorter than eleven seconds.
   */
  readonly shareOfLimit: number | null;
  readonly peakRequestsPerSecond: number;
  /** The longest time from a photo's event to its outcome. */
  readonly oldestEventHours: number;
  /** The most receives of one message. */
  readonly mostReceives: number;
  /** The most messages in flight. */
  readonly mostInFlight: number;
  /** Messages in the dead-letter queue. */
  readonly deadLettered: number;
  /** Photos without an outcome whose message is in no queue. */
  readonly lost: number;
  /** Lambda's invocations. */
  readonly invocations: number;
  /** Lambda's time, divided by the photos. */
  readonly billedMsPerPhoto: number;
  /** List prices of Lambda, and of the requests to SQS and S3. */
  readonly lambdaDollars: number;
  readonly sqsDollars: number;
  readonly s3Dollars: number;
  readonly dollars: number;
}

/** The function's memory (docs/decisions/0012-memory-512-mb.md). */
const memoryMb = 512;
const hourMs = 3_600_000;

/** Computes the result of a simulation. */
export function simulationFigures(measured: SimulationMeasurements): SimulationFigures {
  const { photos, requestsPerSecond, startMs, outcomes, sqs, s3, account, invocationsMs, outageUntilMs } = measured;
  const { calls, refused, livePhotos, acceptedAtMs, peakRequestsPerSecond } = account;
  const share = shareOfLimit(
    acceptedAtMs.filter((atMs) => atMs >= (outageUntilMs ?? startMs)),
    outageUntilMs === undefined ? sqs.lastNewAtMs : outcomes.caughtUpAtMs,
    requestsPerSecond,
  );
  const dollars = {
    lambdaDollars: lambdaDollars(invocationsMs, memoryMb),
    sqsDollars: sqs.requests * prices.sqs.request,
    // The app writes each photo once.
    s3Dollars: (photos + s3.requests.write) * prices.s3.write + s3.requests.read * prices.s3.read,
  };
  return {
    hours: rounded((outcomes.lastAtMs - startMs) / hourMs, 3),
    hoursAfterOutage:
      outageUntilMs === undefined ? null : rounded(Math.max(0, outcomes.caughtUpAtMs - outageUntilMs) / hourMs, 3),
    ...{ livePhotos, calls, refused },
    shareRefused: rounded(refused / Math.max(calls, 1), 6),
    shareOfLimit: Number.isFinite(share) ? rounded(share, 4) : null,
    peakRequestsPerSecond,
    oldestEventHours: rounded(outcomes.oldestMs / hourMs, 3),
    mostReceives: sqs.mostReceives,
    mostInFlight: sqs.mostInFlight,
    deadLettered: sqs.deadLettered,
    lost: photos - outcomes.count - sqs.deadLettered,
    invocations: invocationsMs.length,
    billedMsPerPhoto: Math.round(invocationsMs.reduce((sum, ms) => sum + ms, 0) / photos),
    lambdaDollars: rounded(dollars.lambdaDollars, 2),
    sqsDollars: rounded(dollars.sqsDollars, 2),
    s3Dollars: rounded(dollars.s3Dollars, 2),
    dollars: rounded(dollars.lambdaDollars + dollars.sqsDollars + dollars.s3Dollars, 2),
  };
}

function rounded(number: number, digits: number): number {
  return Number(number.toFixed(digits));
}
