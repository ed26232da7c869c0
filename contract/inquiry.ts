import type { ErrorCode } from './error-codes';

/**
 * A question about ComplyCube, asked by invoking the function: only the function may read the API key. It only reads.
 *
 * `account` asks whether ComplyCube accepts the key; `live-photo` asks what ComplyCube has under an ID.
 */
export type Inquiry =
  { readonly inquiry: 'account' } | { readonly inquiry: 'live-photo'; readonly livePhotoId: string };

/** A live photo in an answer of ComplyCube. Properties that ComplyCube omits are undefined. */
export interface ListedLivePhoto {
  readonly id: string;
  /** Bytes. */
  readonly size: number | undefined;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number | undefined;
}

/** The answer to an inquiry. It contains neither the key nor a client ID. */
export type InquiryAnswer =
  | { readonly answer: 'accepted'; readonly livePhoto?: ListedLivePhoto }
  /** ComplyCube refused. `said` is its message, cleaned. */
  | { readonly answer: 'refused'; readonly status: number; readonly said?: string }
  /** No call was made, or no answer came. */
  | { readonly answer: 'failed'; readonly because: string; readonly errorCode?: ErrorCode };
