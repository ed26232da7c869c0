import type { ErrorCode } from './error-codes';

/**
 * A read-only question about ComplyCube, sent by invoking the function, because only the function may read the API key.
 *
 * `account`: does ComplyCube accept the key? `live-photo`: which live photo has this ID? `client`: which live photos has this
 * client? The answer has one page, counted from 1.
 */
export type Inquiry =
  | { readonly inquiry: 'account' }
  | { readonly inquiry: 'live-photo'; readonly livePhotoId: string }
  | { readonly inquiry: 'client'; readonly clientId: string; readonly page: number };

/** A live photo as ComplyCube describes it. Properties that ComplyCube omits are undefined. */
export interface ListedLivePhoto {
  readonly id: string;
  /** Bytes. */
  readonly size: number | undefined;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number | undefined;
}

/** The answer to an inquiry. It contains neither the key nor a client ID. */
export type InquiryAnswer =
  | {
      readonly answer: 'accepted';
      readonly livePhoto?: ListedLivePhoto;
      /** Of a client. */
      readonly page?: { readonly livePhotos: readonly ListedLivePhoto[]; readonly pages: number };
    }
  /** ComplyCube refused. `said` is its message, cleaned. */
  | { readonly answer: 'refused'; readonly status: number; readonly said?: string }
  /** No call was made, or there was no answer. */
  | { readonly answer: 'failed'; readonly because: string; readonly errorCode?: ErrorCode };
