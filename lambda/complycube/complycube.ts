import type { ListedLivePhoto } from '../../contract/inquiry';
import type { IncomingHttpHeaders } from 'node:http';
import type { ArrivingImage } from '../photo/arriving-image';
import type { Answer, CallFacts, LivePhoto, LivePhotoPage, Unknown } from './answer';
import {
  type Decode,
  decodeDeletion,
  decodeDownload,
  decodeLivePhoto,
  decodePage,
  decodeUploaded,
  type ExpectedLivePhoto,
  pageSize,
  parseAnswer,
  UntrustedAnswerError,
} from './parse-answer';
import type { CallGate } from '../delivery';
import { NoAnswerError } from './http-answer';
import type { HttpBody } from './http-body';
import { HttpCaller } from './http-call';
import type { HttpCall } from './http-exchange';
import { type LivePhotoRequest } from '../../contract/photo-rules';
import { encodeLivePhoto } from './live-photo-body';
import type { Pace, Turn } from './pace';

/** How long opening a connection may take, TLS handshake included. */
const connectTimeoutMs = 5_000;
const maxAnswerBytes = 1_000_000;
/** Room for the largest photo in base64, with line breaks, and for the JSON around it. */
const maxDownloadBytes = 6_000_000;

/** Options of every call. */
export interface CallOptions {
  /** The bare key, without `Bearer`. */
  readonly apiKey: string;
  /** Checked when the call's turn begins. If it throws, the call fails with that error, and nothing is sent. */
  readonly gate: Pick<CallGate, 'pass'>;
  /** Aborting it ends the call at once. The answer is then unknown. */
  readonly signal: AbortSignal;
}

/** The part of ComplyCube's API (docs.complycube.com) that the pipeline uses. */
export class ComplyCube {
  private readonly caller = new HttpCaller();

  /**
   * @param baseUrl such as `https://api.complycube.com/v1`, without a trailing slash.
   * @param pace decides when a call may start.
   * @param callTimeoutMs for a whole call. Sending 4 MB from Lambda takes less than a second, the photo's inspection a few seconds.
   */
  constructor(
    private readonly baseUrl: string,
    private readonly pace: Pick<Pace, 'turn'>,
    private readonly callTimeoutMs: number,
  ) {}

  /**
   * Uploads a live photo: `POST /livePhotos`. Not idempotent: every call creates a live photo. If the image proves to be damaged
   * while it is sent, the request is not completed.
   * @throws RetryLaterError when the start of the image can't be read. Nothing was sent then.
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

  /**
   * Reads a live photo's facts: `GET /livePhotos/:id`.
   * @param expected its client and size. An answer with others is unknown. Undefined: they are not compared.
   */
  readLivePhoto(id: string, options: CallOptions, expected?: ExpectedLivePhoto): Promise<Answer<ListedLivePhoto>> {
    const path = `/livePhotos/${encodeURIComponent(id)}`;
    return this.call({ method: 'GET', path }, options, decodeLivePhoto(id, expected));
  }

  /** Deletes a live photo: `DELETE /livePhotos/:id`. ComplyCube refuses it once a check has used the live photo. */
  deleteLivePhoto(id: string, options: CallOptions): Promise<Answer<undefined>> {
    const path = `/livePhotos/${encodeURIComponent(id)}`;
    return this.call({ method: 'DELETE', path }, options, decodeDeletion);
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
      'accept-encoding': 'identity', // without this header, the server may use any compression (RFC 9110, section 12.5.3)
    };
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = String(body.bytes);
    }
    const url = new URL(this.baseUrl + path);
    const limits = { connectTimeoutMs, callTimeoutMs: this.callTimeoutMs, maxAnswerBytes: maxBytes };
    let turn: Turn;
    try {
      // A photo that does not arrive must not block a turn.
      if (body !== undefined) await untilAborted(body.ready(), signal);
      turn = await this.takeTurn(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      const cause = new NoAnswerError('The call was aborted', true, { cause: signal.reason });
      return { ...unknownAnswer(cause), requestId: undefined, tookMs: 0 };
    }
    try {
      gate.pass();
    } catch (error) {
      turn.abandon();
      throw error;
    }
    // From here on the call may reach ComplyCube, so every failure becomes an unknown answer instead of an exception.
    const startedAt = performance.now();
    const facts = (headers: IncomingHttpHeaders): CallFacts => ({
      requestId: requestIdOf(headers),
      tookMs: Math.round(performance.now() - startedAt),
    });
    try {
      const httpCall = { method, url, headers, body, signal, onSent: turn.sent };
      return await this.caller.call(httpCall, limits, (answer) => {
        turn.answered(answer.status === 429);
        return { ...parseAnswer(answer, decode), ...facts(answer.headers) };
      });
    } catch (error) {
      return { ...unknownAnswer(error as Error), ...facts(error instanceof UntrustedAnswerError ? error.headers : {}) };
    } finally {
      turn.sent();
    }
  }

  /** If the call is aborted while it waits, its turn is abandoned as soon as it begins. */
  private async takeTurn(signal: AbortSignal): Promise<Turn> {
    const turn = this.pace.turn();
    try {
      return await untilAborted(turn, signal);
    } catch (error) {
      void turn.then(({ abandon }) => {
        abandon();
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

function unknownAnswer(cause: Error): Omit<Unknown, keyof CallFacts> {
  const status = cause instanceof UntrustedAnswerError ? cause.status : undefined;
  return { kind: 'unknown', status, isSurelyUnsent: cause instanceof NoAnswerError && cause.isSurelyUnsent, cause };
}

/** ComplyCube does not document which header has the request's ID. Tries the usual ones, most specific first. */
function requestIdOf(headers: IncomingHttpHeaders): string | undefined {
  const id = headers['x-request-id'] ?? headers['x-amzn-requestid'] ?? headers['x-amz-cf-id'] ?? headers['cf-ray'];
  return typeof id === 'string' ? id.slice(0, 128) : undefined;
}

/** Waits for a promise or the signal's abort. @throws the promise's error, or the reason of the abort. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
    if (signal.aborted) abort();
  });
}
