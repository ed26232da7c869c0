import type { ListedLivePhoto } from '../../contract/inquiry';

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
export interface CallFacts {
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
