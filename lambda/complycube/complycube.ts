import type { ListedLivePhoto } from '../../contract/inquiry';
import type { IncomingHttpHeaders } from 'node:http';
import type { ArrivingImage } from '../photo/arriving-image';
import {
  type Decode,
  decodeDownload,
  decodeLivePhoto,
  decodePage,
  decodeUploaded,
  pageSize,
  parseAnswer,
  UntrustedAnswerError,
} from './complycube-answers';
import type { CallGate } from '../delivery';
import { type HttpBody, type HttpCall, HttpCaller } from './http-call';
import { type LivePhotoRequest } from '../../contract/photo-rules';
import { encodeLivePhoto } from './live-photo-body';
import { NoAnswerError } from './no-answer-error';
import type { Pace, Turn } from './pace';
import { untilAborted } from './until-aborted';

/** An accepted photo at ComplyCube; only the fields that the pipeline uses. */
export interface LivePhoto {
  /** 24 hex digits in every documented example; the format is not promised. */
  readonly id: string;
}

/** One page of a client's live photos, newest first. */
export interface LivePhotoPage {
  readonly livePhotos: readonly ListedLivePhoto[];
  /** Further live photos, whose IDs can't be used. */
  readonly unnamed: readonly Omit<ListedLivePhoto, 'id'>[];
  /** How many pages there are. */
  readonly pages: number;
}

/** What is known of every call. */
interface CallFacts {
  /** ComplyCube's own ID of the request, if it gave one. */
  readonly requestId: string | undefined;
  /** From the moment when the call's turn has come to the end of the answer. */
  readonly tookMs: number;
}

/** ComplyCube did what was asked, and its answer fits the call. */
export interface Accepted<T> extends CallFacts {
  readonly kind: 'accepted';
  readonly status: number;
  readonly value: T;
}

/** ComplyCube, or a gateway in front of it, answered with an error. */
export interface Refused extends CallFacts {
  readonly kind: 'refused';
  /** HTTP status, never 2xx. */
  readonly status: number;
  /** This and the next two are ComplyCube's, if it gave them as text. */
  readonly type: string | undefined;
  readonly message: string | undefined;
  readonly param: string | undefined;
  /** From `Retry-After`; never 0. */
  readonly retryAfterMs: number | undefined;
}

/** ComplyCube's answer is unknown: none came, or none that can be trusted. */
export interface Unknown extends CallFacts {
  readonly kind: 'unknown';
  /** Undefined when no complete answer came. */
  readonly status: number | undefined;
  /** ComplyCube can't have the whole request. */
  readonly isSurelyUnsent: boolean;
  readonly cause: Error;
}

/** The result of a call. */
export type Answer<T> = Accepted<T> | Refused | Unknown;

/** How long opening a connection may take, TLS handshake included. */
const connectTimeoutMs = 5_000;
const maxAnswerBytes = 1_000_000;
/** Room for the largest photo in base64, with line breaks, and for the JSON around it. */
const maxDownloadBytes = 6_000_000;

/** What every call needs. */
export interface CallOptions {
  /** The bare key; ComplyCube takes no `Bearer`. */
  readonly apiKey: string;
  /** Asked when the call's turn has come. If it throws, the call fails with that error, and nothing is sent. */
  readonly gate: Pick<CallGate, 'pass'>;
  /** Aborting it ends the call at once: its answer is then unknown. */
  readonly signal: AbortSignal;
}

/** ComplyCube's API (docs.complycube.com), as far as the pipeline needs it. */
export class ComplyCube {
  private readonly caller = new HttpCaller();

  /**
   * @param baseUrl such as `https://api.complycube.com/v1`, without a trailing slash.
   * @param pace decides when a call may start.
   * @param callTimeoutMs for a whole call. On Lambda's network, sending 4 MB takes under a second, the photo's inspection a few.
   */
  constructor(
    private readonly baseUrl: string,
    private readonly pace: Pick<Pace, 'turn'>,
    private readonly callTimeoutMs: number,
  ) {}

  /**
   * Uploads a live photo: `POST /livePhotos`. Not idempotent: every call makes a live photo. If the image turns out to be
   * damaged while it is sent, the request is never completed.
   * @throws RetryLaterError when the start of the image can't be read. Then nothing was sent.
   */
  uploadLivePhoto(request: LivePhotoRequest, image: ArrivingImage, options: CallOptions): Promise<Answer<LivePhoto>> {
    const body = encodeLivePhoto(request, image);
    const decode = decodeUploaded({ clientId: request.clientId, bytes: image.length });
    return this.call({ method: 'POST', path: '/livePhotos', body }, options, decode);
  }

  /** Lists a client's live photos, newest first: `GET /livePhotos`. @param page from 1. */
  listLivePhotos(clientId: string, page: number, options: CallOptions): Promise<Answer<LivePhotoPage>> {
    const query = new URLSearchParams({ clientId, page: String(page), pageSize: String(pageSize) });
    return this.call(
      { method: 'GET', path: `/livePhotos?${query.toString()}` },
      options,
      decodePage({ clientId, page }),
    );
  }

  /** Reads a live photo's facts: `GET /livePhotos/:id`. */
  readLivePhoto(id: string, options: CallOptions): Promise<Answer<ListedLivePhoto>> {
    return this.call({ method: 'GET', path: `/livePhotos/${encodeURIComponent(id)}` }, options, decodeLivePhoto(id));
  }

  /** Downloads a live photo's bytes: `GET /livePhotos/:id/download`. */
  downloadLivePhoto({ id, size }: Pick<ListedLivePhoto, 'id' | 'size'>, options: CallOptions): Promise<Answer<Buffer>> {
    const path = `/livePhotos/${encodeURIComponent(id)}/download`;
    return this.call({ method: 'GET', path, maxAnswerBytes: maxDownloadBytes }, options, decodeDownload(size));
  }

  private async call<T>(
    { method, path, body, maxAnswerBytes: maxBytes = maxAnswerBytes }: ComplyCubeCall,
    { apiKey, gate, signal }: CallOptions,
    decode: Decode<T>,
  ): Promise<Answer<T>> {
    const headers: Record<string, string> = {
      authorization: apiKey,
      accept: 'application/json',
      'accept-encoding': 'identity', // without this header, any compression would be acceptable (RFC 9110, section 12.5.3)
    };
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = String(body.bytes);
    }
    const url = new URL(this.baseUrl + path);
    const limits = { connectTimeoutMs, callTimeoutMs: this.callTimeoutMs, maxAnswerBytes: maxBytes };
    let turn: Turn;
    try {
      // A photo that does not arrive must not keep a turn from the others.
      if (body !== undefined) await untilAborted(body.ready(), signal);
      turn = await this.takeTurn(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      const cause = new NoAnswerError('The call was aborted', true, { cause: signal.reason });
      return { kind: 'unknown', status: undefined, isSurelyUnsent: true, cause, requestId: undefined, tookMs: 0 };
    }
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
      const httpCall = { method, url, headers, body, signal, onSent: turn.sent };
      return await this.caller.call(httpCall, limits, (answer) => ({
        ...parseAnswer(answer, decode),
        ...facts(answer.headers),
      }));
    } catch (error) {
      const cause = error as Error;
      if (cause instanceof UntrustedAnswerError) {
        return { kind: 'unknown', status: cause.status, isSurelyUnsent: false, cause, ...facts(cause.headers) };
      }
      const isSurelyUnsent = cause instanceof NoAnswerError && cause.isSurelyUnsent;
      return { kind: 'unknown', status: undefined, isSurelyUnsent, cause, ...facts() };
    } finally {
      turn.sent();
    }
  }

  /** A call that is aborted while it waits gives back its turn as soon as it comes. */
  private async takeTurn(signal: AbortSignal): Promise<Turn> {
    const turn = this.pace.turn();
    try {
      return await untilAborted(turn, signal);
    } catch (error) {
      void turn.then(({ sent }) => {
        sent();
      });
      throw error;
    }
  }
}

interface ComplyCubeCall {
  readonly method: HttpCall['method'];
  readonly path: string;
  readonly body?: HttpBody;
  readonly maxAnswerBytes?: number;
}

/** Which header has the request's ID is not documented: the usual ones, the most specific first. */
function requestIdOf(headers: IncomingHttpHeaders): string | undefined {
  const id = headers['x-request-id'] ?? headers['x-amzn-requestid'] ?? headers['x-amz-cf-id'] ?? headers['cf-ray'];
  return typeof id === 'string' ? id.slice(0, 128) : undefined;
}
