import type { IncomingHttpHeaders } from 'node:http';
import type { ArrivingImage } from './arriving-image';
import { type HttpAnswer, type HttpBody, type HttpCall, HttpCaller, NoAnswerError } from './http-call';
import { encodeLivePhoto, type LivePhotoRequest } from './live-photo';
import type { Pace } from './pace';
import type { CallGate } from './call-gate';

/** What ComplyCube holds for an accepted photo; only the fields that the pipeline uses. */
export interface LivePhoto {
  /** 24 hex digits in every documented example; the format is not promised. */
  readonly id: string;
}

/** A live photo in a list; what ComplyCube leaves out is undefined. */
export interface ListedLivePhoto {
  readonly id: string;
  /** Bytes. */
  readonly size: number | undefined;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number | undefined;
}

/** One page of a client's live photos, newest first. */
export interface LivePhotoPage {
  readonly livePhotos: readonly ListedLivePhoto[];
  /** How many pages there are. */
  readonly pages: number;
}

/** What is known of every call, whatever came of it. */
interface CallFacts {
  /** ComplyCube's own, as far as it gave one. */
  readonly requestId: string | undefined;
  /** From the call's start, its turn having come, to the end of the answer. */
  readonly tookMs: number;
}

/** ComplyCube took the call and did what was asked. */
export interface Accepted<T> extends CallFacts {
  readonly kind: 'accepted';
  readonly status: number;
  readonly value: T;
}

/** ComplyCube, or a gateway before it, answered with an error; `type`, `message` and `param` as far as it gave them. */
export interface Refused extends CallFacts {
  readonly kind: 'refused';
  /** HTTP status, never 2xx. */
  readonly status: number;
  readonly type: string | undefined;
  readonly message: string | undefined;
  readonly param: string | undefined;
  /** From `Retry-After`, in either of its forms (RFC 9110, section 10.2.3). */
  readonly retryAfterMs: number | undefined;
}

/** ComplyCube's answer is unknown: none came, or none that can be read. */
export interface Unknown extends CallFacts {
  readonly kind: 'unknown';
  /** Absent when no answer came at all. */
  readonly status: number | undefined;
  /** ComplyCube surely did not see the whole request. */
  readonly isSurelyUnsent: boolean;
  readonly cause: Error;
}

/** What came of a call. */
export type Answer<T> = Accepted<T> | Refused | Unknown;

/** How long a connection may take to stand, TLS included. */
const connectTimeoutMs = 5_000;
const maxAnswerBytes = 1_000_000;
/** Room for the largest photo in base64, and for the JSON around it. */
const maxDownloadBytes = 6_000_000;

/** What every call is given. */
export interface CallOptions {
  /** The bare key; ComplyCube takes no `Bearer`. */
  readonly apiKey: string;
  /** Asked when the call's turn has come; what it throws, the call fails with, and nothing is sent. */
  readonly gate: Pick<CallGate, 'pass'>;
}

/** ComplyCube's API (docs.complycube.com), as far as the pipeline needs it. */
export class ComplyCube {
  private readonly caller = new HttpCaller();

  /**
   * @param baseUrl such as `https://api.complycube.com/v1`, without a trailing slash.
   * @param pace lets calls start; every call waits for its turn.
   * @param callTimeoutMs for a whole call. 4 MB take under a second on Lambda's network, the photo's inspection a few.
   */
  constructor(
    private readonly baseUrl: string,
    private readonly pace: Pick<Pace, 'turn'>,
    private readonly callTimeoutMs: number,
  ) {}

  /**
   * Uploads a live photo: `POST /livePhotos`. Not idempotent: ComplyCube makes a live photo at each call. An image that proves
   * to be at fault ends the call before it is whole.
   */
  uploadLivePhoto(request: LivePhotoRequest, image: ArrivingImage, options: CallOptions): Promise<Answer<LivePhoto>> {
    const body = encodeLivePhoto(request, image);
    return this.call({ method: 'POST', path: '/livePhotos', body }, options, decodeLivePhoto);
  }

  /** Lists a client's live photos, newest first: `GET /livePhotos`. @param page from 1. */
  listLivePhotos(clientId: string, page: number, options: CallOptions): Promise<Answer<LivePhotoPage>> {
    const query = new URLSearchParams({ clientId, page: String(page), pageSize: '100' });
    return this.call({ method: 'GET', path: `/livePhotos?${query.toString()}` }, options, decodePage);
  }

  /** Reads a live photo's facts: `GET /livePhotos/:id`. */
  readLivePhoto(id: string, options: CallOptions): Promise<Answer<ListedLivePhoto>> {
    return this.call({ method: 'GET', path: `/livePhotos/${encodeURIComponent(id)}` }, options, decodeListed);
  }

  /** Downloads a live photo's bytes: `GET /livePhotos/:id/download`. */
  downloadLivePhoto(id: string, options: CallOptions): Promise<Answer<Buffer>> {
    const path = `/livePhotos/${encodeURIComponent(id)}/download`;
    return this.call({ method: 'GET', path, maxAnswerBytes: maxDownloadBytes }, options, decodeDownload);
  }

  private async call<T>(
    { method, path, body, maxAnswerBytes: maxBytes = maxAnswerBytes }: ComplyCubeCall,
    { apiKey, gate }: CallOptions,
    decode: Decode<T>,
  ): Promise<Answer<T>> {
    const headers: Record<string, string> = { authorization: apiKey, accept: 'application/json' };
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = String(body.bytes);
    }
    const url = new URL(this.baseUrl + path);
    const limits = { connectTimeoutMs, callTimeoutMs: this.callTimeoutMs, maxAnswerBytes: maxBytes };
    const turn = await this.pace.turn();
    try {
      gate.pass();
    } catch (error) {
      turn.sent();
      throw error;
    }
    // From here on the call may reach ComplyCube: whatever happens is an answer, if only an unknown one.
    const startedAt = performance.now();
    const facts = (headers?: IncomingHttpHeaders): CallFacts => ({
      requestId: headers && requestIdOf(headers),
      tookMs: Math.round(performance.now() - startedAt),
    });
    try {
      const answer = await this.caller.call({ method, url, headers, body, onSent: turn.sent }, limits);
      return { ...parseAnswer(answer, decode), ...facts(answer.headers) };
    } catch (error) {
      const isSurelyUnsent = error instanceof NoAnswerError && error.isSurelyUnsent;
      return { kind: 'unknown', status: undefined, isSurelyUnsent, cause: error as Error, ...facts() };
    } finally {
      turn.sent();
    }
  }
}

interface ComplyCubeCall {
  readonly method: HttpCall['method'];
  readonly path: string;
  readonly body?: HttpBody;
  readonly maxAnswerBytes?: number;
}

type JsonObject = Readonly<Record<string, unknown>>;
/** Gives undefined when the answer lacks what it is for. */
type Decode<T> = (json: JsonObject) => T | undefined;

function decodeLivePhoto({ id }: JsonObject): LivePhoto | undefined {
  return typeof id === 'string' && isTagValue(id) ? { id } : undefined;
}

function decodePage({ items, pages }: JsonObject): LivePhotoPage | undefined {
  if (!Array.isArray(items) || typeof pages !== 'number') return undefined;
  const livePhotos = items.map(decodeListed);
  return livePhotos.every((livePhoto) => livePhoto !== undefined) ? { livePhotos, pages } : undefined;
}

function decodeListed(item: unknown): ListedLivePhoto | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { id, size, createdAt } = item as JsonObject;
  if (typeof id !== 'string' || !isTagValue(id)) return undefined;
  const createdAtMs = typeof createdAt === 'string' ? Date.parse(createdAt) : NaN;
  return {
    id,
    size: typeof size === 'number' ? size : undefined,
    createdAtMs: Number.isNaN(createdAtMs) ? undefined : createdAtMs,
  };
}

function decodeDownload({ data }: JsonObject): Buffer | undefined {
  return typeof data === 'string' ? Buffer.from(data, 'base64') : undefined;
}

type ParsedAnswer<T> =
  Omit<Accepted<T>, keyof CallFacts> | Omit<Refused, keyof CallFacts> | Omit<Unknown, keyof CallFacts>;

function parseAnswer<T>({ status, headers, body }: HttpAnswer, decode: Decode<T>): ParsedAnswer<T> {
  const json = parseJsonObject(body);
  if (status >= 200 && status < 300) {
    const value = json && decode(json);
    if (value !== undefined) return { kind: 'accepted', status, value };
    const cause = new Error(`ComplyCube answered ${status} with a body that can't be read`);
    return { kind: 'unknown', status, isSurelyUnsent: false, cause };
  }
  return {
    kind: 'refused',
    status,
    type: textOf(json?.['type']),
    message: textOf(json?.['message']),
    param: textOf(json?.['param']),
    retryAfterMs: parseRetryAfter(headers['retry-after']),
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
