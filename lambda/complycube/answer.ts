import type { ListedLivePhoto } from '../../contract/inquiry';

/** A live photo that an upload created. Only the fields that the pipeline uses. */
export interface LivePhoto {
  /** 24 hex digits in every documented example. The format is not guaranteed. */
  readonly id: string;
}

/** One page of a client's live photos, newest first. */
export interface LivePhotoPage {
  readonly livePhotos: readonly ListedLivePhoto[];
  /** Other live photos, whose IDs are unusable. */
  readonly unnamed: readonly Omit<ListedLivePhoto, 'id'>[];
  /** How many pages there are. */
  readonly pages: number;
}

/** Facts that every answer has. */
export interface CallFacts {
  /** ComplyCube's ID of the request, if the answer has one. */
  readonly requestId: string | undefined;
  /** From the start of the call's turn to the end of the answer. */
  readonly tookMs: number;
}

/** ComplyCube fulfilled the request, and its answer matches the call. */
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
  /** `type`, `message` and `param` come from ComplyCube's error body. Undefined if absent or not text. */
  readonly type: string | undefined;
  readonly message: string | undefined;
  readonly param: string | undefined;
  /** From `Retry-After`. Never 0. */
  readonly retryAfterMs: number | undefined;
}

/** ComplyCube's answer is unknown: there was none, or none that can be trusted. */
export interface Unknown extends CallFacts {
  readonly kind: 'unknown';
  /** Undefined if there was no complete answer. */
  readonly status: number | undefined;
  /** ComplyCube certainly did not receive the whole request. */
  readonly isSurelyUnsent: boolean;
  readonly cause: Error;
}

/** The result of a call. */
export type Answer<T> = Accepted<T> | Refused | Unknown;
