import type { IncomingHttpHeaders } from 'node:http';
import { type HttpAnswer, type HttpCall, HttpCaller, type HttpLimits, NoAnswerError } from './http-call';
import { encodeLivePhoto, type LivePhotoRequest } from './live-photo';
import type { Pace } from './pace';

/** What ComplyCube holds for an accepted photo; only the fields that the pipeline uses. */
export interface LivePhoto {
  /** 24 hex digits in every documented example; the format is not promised. */
  readonly id: string;
}

/** ComplyCube took the call and did what was asked. */
export interface Accepted<T> {
  readonly kind: 'accepted';
  readonly status: number;
  readonly value: T;
  readonly requestId: string | undefined;
}

/** ComplyCube, or a gateway before it, answered with an error; `type`, `message` and `param` as far as it gave them. */
export interface Refused {
  readonly kind: 'refused';
  /** HTTP status, never 2xx. */
  readonly status: number;
  readonly type: string | undefined;
  readonly message: string | undefined;
  readonly param: string | undefined;
  /** From `Retry-After`, in either of its forms (RFC 9110, section 10.2.3). */
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;
}

/** ComplyCube's answer is unknown: none came, or none that can be read. */
export interface Unknown {
  readonly kind: 'unknown';
  /** Absent when no answer came at all. */
  readonly status: number | undefined;
  /** The request surely did not reach ComplyCube. */
  readonly isSurelyUnsent: boolean;
  readonly cause: Error;
  readonly requestId: string | undefined;
}

/** What came of a call. */
export type Answer<T> = Accepted<T> | Refused | Unknown;

/** Limits of a call to ComplyCube; 4 MB take under a second on Lambda's network, the photo's inspection a few. */
const callLimits: HttpLimits = { connectTimeoutMs: 5_000, callTimeoutMs: 25_000, maxAnswerBytes: 1_000_000 };

/** What every call is given. */
export interface CallOptions {
  /** The bare key; ComplyCube takes no `Bearer`. */
  readonly apiKey: string;
  /** Once aborted, no call starts: the call fails with the signal's reason. Calls under way go on. */
  readonly noMoreCalls: AbortSignal;
}

/** ComplyCube's API (docs.complycube.com), as far as the pipeline needs it. */
export class ComplyCube {
  private readonly caller: HttpCaller;

  /** @param baseUrl such as `https://api.complycube.com/v1`, without a trailing slash. */
  constructor(
    private readonly baseUrl: string,
    private readonly pace: Pick<Pace, 'turn'>,
    limits: HttpLimits = callLimits,
  ) {
    this.caller = new HttpCaller(limits);
  }

  /** Uploads a live photo: `POST /livePhotos`. Not idempotent: ComplyCube makes a live photo at each call. */
  uploadLivePhoto(request: LivePhotoRequest, image: Buffer, options: CallOptions): Promise<Answer<LivePhoto>> {
    return this.call(
      { method: 'POST', path: '/livePhotos', body: encodeLivePhoto(request, image) },
      options,
      decodeLivePhoto,
    );
  }

  private async call<T>(
    { method, path, body }: { method: HttpCall['method']; path: string; body?: Buffer },
    { apiKey, noMoreCalls }: CallOptions,
    decode: Decode<T>,
  ): Promise<Answer<T>> {
    await this.pace.turn();
    noMoreCalls.throwIfAborted();
    const headers: Record<string, string> = { authorization: apiKey, accept: 'application/json' };
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = String(body.length);
    }
    try {
      const url = new URL(this.baseUrl + path);
      const answer = await this.caller.call({ method, url, headers, body });
      return parseAnswer(answer, decode);
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      const { isSurelyUnsent } = error;
      return { kind: 'unknown', status: undefined, isSurelyUnsent, cause: error, requestId: undefined };
    }
  }
}

type JsonObject = Readonly<Record<string, unknown>>;
/** Gives undefined when the answer lacks what it is for. */
type Decode<T> = (json: JsonObject) => T | undefined;

function decodeLivePhoto({ id }: JsonObject): LivePhoto | undefined {
  return typeof id === 'string' && isTagValue(id) ? { id } : undefined;
}

function parseAnswer<T>({ status, headers, body }: HttpAnswer, decode: Decode<T>): Answer<T> {
  const requestId = requestIdOf(headers);
  const json = parseJsonObject(body);
  if (status >= 200 && status < 300) {
    const value = json && decode(json);
    if (value !== undefined) return { kind: 'accepted', status, value, requestId };
    const cause = new Error(`ComplyCube answered ${status} with a body that can't be read`);
    return { kind: 'unknown', status, isSurelyUnsent: false, cause, requestId };
  }
  return {
    kind: 'refused',
    status,
    type: textOf(json?.['type']),
    message: textOf(json?.['message']),
    param: textOf(json?.['param']),
    retryAfterMs: parseRetryAfter(headers['retry-after']),
    requestId,
  };
}

function parseJsonObject(body: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as JsonObject) : undefined;
  } catch {
    return undefined; // a gateway's HTML, or an answer cut short
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The characters that an S3 tag's value may hold, as far as an ID would (S3 user guide, "Object tagging"). */
function isTagValue(id: string): boolean {
  return /^[A-Za-z0-9+\-=._:/@]{1,256}$/.test(id);
}

/** Which header carries the request's ID is not documented: the usual ones, the most telling first. */
function requestIdOf(headers: IncomingHttpHeaders): string | undefined {
  const id = headers['x-request-id'] ?? headers['x-amzn-requestid'] ?? headers['x-amz-cf-id'] ?? headers['cf-ray'];
  return typeof id === 'string' ? id.slice(0, 128) : undefined;
}

/** @returns milliseconds to wait, never negative; undefined when the header is absent or neither seconds nor a date. */
export function parseRetryAfter(value: string | undefined, now = Date.now()): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = /^[A-Z][a-z]/.test(value) ? Date.parse(value) : NaN; // Date.parse takes much that is no date
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
