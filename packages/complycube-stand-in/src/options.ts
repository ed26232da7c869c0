import type { Environment } from './api-keys';
import type { LatencyMs } from './latency';
import type { LivePhotoFacts } from './stand';

/** How the stand-in behaves; the defaults are as ComplyCube documents them. */
export interface ComplyCubeOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** The API keys in force, each beginning with `test_` or `live_`. */
  keys: readonly string[];
  /**
   * Tells which clients exist besides those that are created. By default every ID of 24 hex digits does, the form of each
   * of ComplyCube's examples, and nothing else.
   */
  isKnownClient?: (clientId: string, environment: Environment) => boolean;
  /** What `POST /livePhotos` answers for a client that does not exist, 404 by default; ComplyCube documents neither. */
  unknownClientStatus?: 400 | 404;
  /** By default 10 live and 5 in the sandbox, over all keys of each (ComplyCube's API reference, Rate Limits). */
  requestsPerSecond?: { live?: number; test?: number };
  /** How long an account is refused everything after it exceeded its limit; 0 by default. */
  blockMs?: number;
  /** The Retry-After header of a 429, in seconds. Default: no header, because ComplyCube documents none. */
  retryAfterSeconds?: number;
  /** How long an answer takes; 0 by default. A photo is stored before that time, not after. */
  latencyMs?: LatencyMs;
  /** How long after it was stored a live photo is listed; 0 by default. */
  listingDelayMs?: LatencyMs;
  /** Whether answers include properties with an empty or null value, such as an empty list's `items`; by default they don't. */
  includesEmpty?: boolean;
  /** The share of live photos whose ID is a JSON number, 0 to 1; 0 by default. */
  numericIdRate?: number;
  /** For latencies and for faults with a rate; 1 by default. */
  seed?: number;
  /** A larger body is answered 413; 6 MiB by default, room for the largest photo in base64. */
  maxBodyBytes?: number;
  /** Called with each live photo as soon as it is stored. The upload is answered once this has ended. */
  onLivePhoto?: (livePhoto: LivePhotoFacts) => void | Promise<void>;
  /** The clock of the rate limit, which only goes forward. */
  nowMs?: () => number;
}

/** Tells whether a client ID has the form of ComplyCube's examples, 24 hex digits; ComplyCube does not promise it. */
export function hasUsualForm(clientId: string): boolean {
  return /^[0-9a-f]{24}$/.test(clientId);
}
