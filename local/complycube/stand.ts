import type { Account } from './account';
import { ApiKeys, type Environment } from './api-keys';
import { Clients } from './clients';
import { FaultQueue } from './faults';
import { LivePhotos, type StoredLivePhoto } from './live-photos';
import { hasUsualForm, type ComplyCubeOptions } from './options';
import { RateLimit } from './rate-limit';
import { seededRandom, type Random } from './seeded-random';
import { Counters, type Statistics } from './statistics';

/** Everything that a running stand-in holds. */
export interface Stand {
  options: ComplyCubeOptions;
  keys: ApiKeys;
  /** ComplyCube keeps the sandbox and the live account apart: so does the stand-in. */
  accounts: Record<Environment, LimitedAccount>;
  faults: FaultQueue;
  counters: Counters;
  random: Random;
}

/** An account and how much it may ask. */
interface LimitedAccount extends Account {
  rateLimit: RateLimit;
}

/** What a test or a report may want to know of a stored live photo, without its bytes. */
export interface LivePhotoFacts {
  id: string;
  clientId: string;
  environment: Environment;
  /** In bytes. */
  size: number;
  /** In hex; the same twice for one client is a duplicate. */
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
  return {
    options,
    keys: new ApiKeys(options.keys),
    accounts: { test: openAccount(options, 'test'), live: openAccount(options, 'live') },
    faults: new FaultQueue(random),
    counters: new Counters(),
    random,
  };
}

/** ComplyCube's API reference, Rate Limits. */
const documentedRequestsPerSecond: Readonly<Record<Environment, number>> = { test: 5, live: 10 };

function openAccount(options: ComplyCubeOptions, environment: Environment): LimitedAccount {
  const { isKnownClient = hasUsualForm, unknownClientStatus = 404, blockMs = 0 } = options;
  return {
    clients: new Clients((clientId) => isKnownClient(clientId, environment)),
    livePhotos: new LivePhotos((photo) => options.onLivePhoto?.(factsOf(photo, environment))),
    unknownClientStatus,
    rateLimit: new RateLimit({
      requestsPerSecond: options.requestsPerSecond?.[environment] ?? documentedRequestsPerSecond[environment],
      blockMs,
      nowMs: options.nowMs ?? (() => performance.now()),
    }),
  };
}

/** Lists the live photos of both accounts, oldest first. */
export function listLivePhotos({ accounts }: Stand): LivePhotoFacts[] {
  const facts = (environment: Environment) =>
    accounts[environment].livePhotos.all().map((photo) => factsOf(photo, environment));
  return [...facts('test'), ...facts('live')].sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}

function factsOf(photo: StoredLivePhoto, environment: Environment): LivePhotoFacts {
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
