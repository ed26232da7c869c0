import type { Environment } from './api-keys';
import type { LatencyMs } from './latency';
import type { LivePhotoFacts } from './live-photos';

/** Options of the stand-in. The defaults are ComplyCube's documented behaviour. */
export interface ComplyCubeOptions {
  /** Default: 0, any free port. */
  port?: number;
  /** The valid API keys. Each starts with `test_` or `live_`. */
  keys: readonly string[];
  /** Whether a client exists that was not created. Default: {@link hasUsualForm}. */
  isKnownClient?: (clientId: string, environment: Environment) => boolean;
  /** The status of `POST /livePhotos` for a client that does not exist. ComplyCube documents none. Default: 404. */
  unknownClientStatus?: 400 | 404;
  /** Default: 10 live and 5 in the sandbox, over all keys of each (ComplyCube's API reference, Rate Limits). */
  requestsPerSecond?: { live?: number; test?: number };
  /** For how long an account refuses all requests after its limit was exceeded. Default: 0. */
  blockMs?: number;
  /** The Retry-After header of a 429, in seconds. Default: no header, because ComplyCube documents none. */
  retryAfterSeconds?: number;
  /**
   * Whether a request is refused as soon as its headers arrive because of its key or the rate limit, as gateways do. Default: false,
   * after its body was received.
   */
  answersEarly?: boolean;
  /** Latency of each response. A photo is stored before it. Default: 0. */
  latencyMs?: LatencyMs;
  /** Delay until lists contain a new live photo. Default: 0. */
  listingDelayMs?: LatencyMs;
  /** Whether responses include properties with an empty or null value, such as an empty list's `items`. Default: false. */
  includesEmpty?: boolean;
  /** The share of live photos whose ID is a JSON number, 0 to 1. Default: 0. */
  numericIdRate?: number;
  /** How many live photos keep their bytes, the latest ones. The data of the others is empty. Default: all. */
  keptPhotos?: number;
  /** Seed for latencies and for faults with a rate. Default: 1. */
  seed?: number;
  /** Called with each live photo as soon as it is stored. The response to the upload waits for it. */
  onLivePhoto?: (livePhoto: LivePhotoFacts) => void | Promise<void>;
  /** A monotonic clock for the rate limit, listing delays and clients that are added later. */
  nowMs?: () => number;
}

/** Whether a client ID has 24 hex digits, as in each of ComplyCube's examples. ComplyCube does not promise this form. */
export function hasUsualForm(clientId: string): boolean {
  return /^[0-9a-f]{24}$/.test(clientId);
}
