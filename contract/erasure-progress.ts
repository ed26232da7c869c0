import type { ErasureResult } from './erasure-record';

/** How far the erasure of a version is. The version's claim stores it for the next delivery. Times are ISO 8601. */
export interface ErasureProgress {
  readonly requestId: string;
  readonly requestedAt: string;
  /** SQS's `SenderId` of the request. */
  readonly requestedBy: string;
  /**
   * The upload's result was unknown when the erasure began. It ends only after a search for the live photo at this time or later.
   * Absent: no such search is needed.
   */
  readonly lookAgainAt?: string | undefined;
  /** The live photos whose deletion was requested. Removed when the erasure is done. */
  readonly deleting?: readonly string[] | undefined;
  /** ComplyCube's part is done. */
  readonly result?: ErasureResult & { readonly erasedAt: string };
  /** Evidence, tombstone, tags and event exist. */
  readonly isDone?: true;
}

/** The end of the lease of a claim whose version was erased. */
export const neverEndingLease = '9999-12-31T23:59:59.999Z';
