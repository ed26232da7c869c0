import type { Account } from './account';
import { ApiKeys, type Environment } from './api-keys';
import { Clients } from './clients';
import { FaultQueue } from './faults';
import { drawLatency, type LatencyMs } from './latency';
import { LivePhotos, type StoredLivePhoto } from './live-photos';
import { hasUsualForm, type ComplyCubeOptions } from './options';
import { RateLimit } from './rate-limit';
import { seededRandom, type Random } from './seeded-random';
import { Counters, type Statistics } from './statistics';

/** The state of a running stand-in. */
export interface Stand {
  options: ComplyCubeOptions;
  keys: ApiKeys;
  /** ComplyCube keeps the sandbox and the live account apart: so does the stand-in. */
  accounts: Record<Environment, LimitedAccount>;
  faults: FaultQueue;
  counters: Counters;
  random: Random;
  /** Can be changed while the stand-in runs. */
  settings: Settings;
}

/** What other programs can change. */
export interface Settings {
  includesEmpty: boolean;
  listingDelayMs: LatencyMs;
}

/** An account and how much it may ask. */
interface LimitedAccount extends Account {
  rateLimit: RateLimit;
}

/** A stored live photo without its bytes, for tests and reports. */
export interface LivePhotoFacts {
  id: string;
  clientId: string;
  environment: Environment;
  /** In bytes. */
  size: number;
  /** In hex. The same twice for one client is a duplicate. */
  sha256: string;
  contentType: string;
  performLivenessCheck: boolean;
  /** ISO 8601. */
  createdAt: string;
}

/**
 * Sets a stand-in up, before it listens.
 * @throws TypeError for a key that begins with neither `test_` nor `live_`.
 */
export function createStand(options: ComplyCubeOptions): Stand {
  const random = seededRandom(options.seed ?? 1);
  const { includesEmpty = false, listingDelayMs = 0 } = options;
  const settings: Settings = { includesEmpty, listingDelayMs };
  return {
    options,
    settings,
    keys: new ApiKeys(options.keys),
    accounts: {
      test: openAccount(options, settings, random, 'test'),
      live: openAccount(options, settings, random, 'live'),
    },
    faults: new FaultQueue(random),
    counters: new Counters(),
    random,
  };
}

/** ComplyCube's API reference, Rate Limits. */
const documentedRequestsPerSecond: Readonly<Record<Environment, number>> = { test: 5, live: 10 };

function openAccount(
  options: ComplyCubeOptions,
  settings: Settings,
  random: Random,
  environment: Environment,
): LimitedAccount {
  const { isKnownClient = hasUsualForm, unknownClientStatus = 404, blockMs = 0, numericIdRate = 0 } = options;
  return {
    clients: new Clients((clientId) => isKnownClient(clientId, environment)),
    livePhotos: new LivePhotos({
      hasNumericId: () => numericIdRate > 0 && random() < numericIdRate,
      listingDelayMs: () => drawLatency(settings.listingDelayMs, random),
    }),
    includesEmpty: () => settings.includesEmpty,
    unknownClientStatus,
    rateLimit: new RateLimit({
      requestsPerSecond: options.requestsPerSecond?.[environment] ?? documentedRequestsPerSecond[environment],
      blockMs,
      nowMs: options.nowMs ?? (() => performance.now()),
    }),
  };
}

/** Adds a client to both accounts; it exists after `afterMs`. */
export function addClient({ accounts }: Stand, clientId: string, afterMs = 0): void {
  for (const { clients } of Object.values(accounts)) clients.add(clientId, afterMs);
}

/** Lists the live photos of both accounts, oldest first. */
export function listLivePhotos({ accounts }: Stand): LivePhotoFacts[] {
  const facts = (environment: Environment) =>
    accounts[environment].livePhotos.all().map((photo) => factsOf(photo, environment));
  return [...facts('test'), ...facts('live')].sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}

/** What may be known of a live photo, without its bytes. */
export function factsOf(photo: StoredLivePhoto, environment: Environment): LivePhotoFacts {
  const { id, clientId, bytes, sha256, contentType, performLivenessCheck, createdAt } = photo;
  return {
    id,
    clientId,
    environment,
    size: bytes.length,
    sha256,
    contentType,
    performLivenessCheck,
    createdAt: createdAt.toISOString(),
  };
}

/** Copies the counts of this moment. */
export function takeStatistics({ accounts: { test, live }, counters }: Stand): Statistics {
  return structuredClone({
    requests: counters.requests,
    faults: counters.faults,
    livePhotos: { test: test.livePhotos.all().length, live: live.livePhotos.all().length },
    peakRequestsPerSecond: {
      test: test.rateLimit.peakRequestsPerSecond,
      live: live.rateLimit.peakRequestsPerSecond,
    },
  });
}
