import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { invalidId } from './answer';
import { ApiKeys, type Environment } from './api-keys';
import type { Account, CallName } from './calls';
import { Clients } from './clients';
import type { FaultKind } from './fault-table';
import { FaultQueue } from './faults';
import { drawLatency, type LatencyMs } from './latency';
import { factsOf, LivePhotos, type LivePhotoFacts } from './live-photos';
import { hasUsualForm, type ComplyCubeOptions } from './options';
import { RateLimit } from './rate-limit';
import { seededRandom, type Random } from './seeded-random';
import { UploadParser } from './upload-parser';

/** The state of a running stand-in. */
export interface StandInState {
  options: ComplyCubeOptions;
  keys: ApiKeys;
  accounts: Record<Environment, LimitedAccount>;
  faults: FaultQueue;
  /** Responses and faults so far. */
  counts: Pick<Statistics, 'requests' | 'faults'>;
  random: Random;
  settings: Settings;
  uploadParser: UploadParser;
  /** Measures from the first call on. */
  eventLoopDelay: IntervalHistogram;
}

/** Intervals of {@link StandInState.eventLoopDelay}. They are part of what it measures. */
const delayResolutionMs = 2;

/** Options that can change while the stand-in runs. */
export interface Settings {
  includesEmpty: boolean;
  listingDelayMs: LatencyMs;
}

/** An account with its rate limit. */
interface LimitedAccount extends Account {
  rateLimit: RateLimit;
}

/** What the stand-in has received and done since it started. */
export interface Statistics {
  /**
   * How often each call was answered with which status. `no answer`: a hang, a reset, or a caller that disconnected.
   * `other`: requests that are none of the stand-in's calls.
   */
  requests: Record<string, Record<string, number>>;
  /** How often each fault happened. */
  faults: Partial<Record<FaultKind, number>>;
  /** How many live photos exist, by account. */
  livePhotos: { test: number; live: number };
  /** The maximum number of requests with a valid key in any 1,000 ms, refused ones included, by account. */
  peakRequestsPerSecond: { test: number; live: number };
  /** How long a request may have waited until it was counted, at most. The machine or the stand-in was busy. */
  greatestDelayMs: number;
}

/**
 * Creates the state of a stand-in.
 * @throws TypeError for a key that starts with neither `test_` nor `live_`.
 */
export function createState(options: ComplyCubeOptions): StandInState {
  const random = seededRandom(options.seed ?? 1);
  const { includesEmpty = false, listingDelayMs = 0 } = options;
  const settings: Settings = { includesEmpty, listingDelayMs };
  return {
    options,
    settings,
    keys: new ApiKeys(options.keys),
    accounts: {
      test: createAccount(options, settings, random, 'test'),
      live: createAccount(options, settings, random, 'live'),
    },
    faults: new FaultQueue(random),
    counts: { requests: {}, faults: {} },
    random,
    uploadParser: new UploadParser(),
    eventLoopDelay: monitorEventLoopDelay({ resolution: delayResolutionMs }),
  };
}

/** ComplyCube's API reference, Rate Limits. */
const documentedRequestsPerSecond: Readonly<Record<Environment, number>> = { test: 5, live: 10 };

function createAccount(
  options: ComplyCubeOptions,
  settings: Settings,
  random: Random,
  environment: Environment,
): LimitedAccount {
  const {
    isKnownClient = hasUsualForm,
    unknownClientStatus = 404,
    blockMs = 0,
    numericIdRate = 0,
    keptPhotos = Infinity,
  } = options;
  const { requestsPerSecond = {}, nowMs = () => performance.now() } = options;
  return {
    clients: new Clients((clientId) => isKnownClient(clientId, environment), nowMs),
    livePhotos: new LivePhotos({
      hasNumericId: () => numericIdRate > 0 && random() < numericIdRate,
      listingDelayMs: () => drawLatency(settings.listingDelayMs, random),
      nowMs,
      keptPhotos,
    }),
    includesEmpty: () => settings.includesEmpty,
    unknownClientStatus,
    rateLimit: new RateLimit({
      requestsPerSecond: requestsPerSecond[environment] ?? documentedRequestsPerSecond[environment],
      blockMs,
      nowMs,
    }),
  };
}

/** Adds a client to both accounts. It exists after `afterMs`. */
export function addClient({ accounts }: StandInState, clientId: string, afterMs = 0): void {
  for (const { clients } of Object.values(accounts)) clients.add(clientId, afterMs);
}

/** Uses a live photo in a check. @throws ApiError 404 if neither account has it. */
export function useInCheck({ accounts: { test, live } }: StandInState, id: string): void {
  if (!test.livePhotos.useInCheck(id) && !live.livePhotos.useInCheck(id)) throw invalidId('live photo', id);
}

/** Lists the live photos of both accounts, oldest first. */
export function listLivePhotos({ accounts }: StandInState): LivePhotoFacts[] {
  const facts = (environment: Environment) =>
    accounts[environment].livePhotos.all().map((photo) => factsOf(photo, environment));
  return [...facts('test'), ...facts('live')].sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}

/** Counts a response to a call. */
export function countAnswer({ counts }: StandInState, call: CallName | 'other', status: number | 'no answer'): void {
  const byStatus = (counts.requests[call] ??= {});
  byStatus[status] = (byStatus[status] ?? 0) + 1;
}

/** Counts a fault. */
export function countFault({ counts }: StandInState, kind: FaultKind): void {
  counts.faults[kind] = (counts.faults[kind] ?? 0) + 1;
}

/** Copies the current statistics. */
export function takeStatistics({ accounts: { test, live }, counts, eventLoopDelay }: StandInState): Statistics {
  return structuredClone({
    ...counts,
    livePhotos: { test: test.livePhotos.all().length, live: live.livePhotos.all().length },
    peakRequestsPerSecond: {
      test: test.rateLimit.peakRequestsPerSecond,
      live: live.rateLimit.peakRequestsPerSecond,
    },
    greatestDelayMs: Math.max(0, Math.round(eventLoopDelay.max / 1e6) - delayResolutionMs),
  });
}
