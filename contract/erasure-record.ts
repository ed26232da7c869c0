import { claimKey } from './claim-key';
import type { ErasureRequest, RequestedErasure } from './erasure-message';
import { objectHash } from './object-hash';
import type { ObjectVersion } from './object-version';

/**
 * How an erasure ended. `deleted`: ComplyCube had the live photo, was asked to delete it, and does not have it any more.
 * `not-found`: ComplyCube has no live photo of this version, and this erasure deleted none. `refused`: ComplyCube does not delete
 * the live photo, because a check has used it.
 */
export const erasureOutcomes = ['deleted', 'not-found', 'refused'] as const;

/** One of {@link erasureOutcomes}. */
export type ErasureOutcome = (typeof erasureOutcomes)[number];

/** ComplyCube's part of an erasure. */
export interface ErasureResult {
  readonly outcome: ErasureOutcome;
  /**
   * The HTTP status of ComplyCube's last answer. `deleted` with 404: the answer to the deletion was lost, and the live photo was gone
   * afterwards. Undefined: no call was needed, because the version had no live photo.
   */
  readonly status?: number | undefined;
  /** ComplyCube's words, cleaned. Only for `refused`. */
  readonly said?: string | undefined;
}

/**
 * The evidence of one erasure: a JSON object in the claims bucket, which only the function can write. It has no client ID, no live
 * photo ID, no key of an object and nothing of the API key.
 */
export interface ErasureRecord extends ErasureResult {
  readonly requestId: string;
  /** ISO 8601. */
  readonly requestedAt: string;
  /** SQS's `SenderId` of the request: the unique ID of the operator's role, and the session's name. */
  readonly requestedBy: string;
  /** When ComplyCube's part was done (ISO 8601). */
  readonly erasedAt: string;
  readonly bucket: string;
  /** See {@link objectHash}. */
  readonly keyHash: string;
  readonly versionId?: string | undefined;
  readonly eTag: string;
}

/** How many of a client's live photos ended how. */
export interface ClientErasureCounts {
  /** ComplyCube had them, was asked to delete them, and does not have them any more. */
  readonly deleted: number;
  /** ComplyCube listed them, and did not have them any more before it was asked to delete them. */
  readonly notFound: number;
  /** ComplyCube does not delete them, because checks have used them. */
  readonly refused: number;
}

/**
 * The evidence of the erasure of a client at ComplyCube. Like {@link ErasureRecord}, it has no client ID, no live photo ID and nothing
 * of the API key.
 */
export interface ClientErasureRecord extends ClientErasureCounts {
  readonly requestId: string;
  /** ISO 8601. */
  readonly requestedAt: string;
  /** SQS's `SenderId` of the request. */
  readonly requestedBy: string;
  /** When ComplyCube last listed nothing that is left to delete (ISO 8601). */
  readonly erasedAt: string;
  /** ComplyCube's words about the first live photo that it refused to delete, cleaned. */
  readonly said?: string | undefined;
}

/**
 * The prefix of the evidence in the claims bucket. The next part of a key is the day of the request, so that a list can select a
 * period.
 *
 * Claims begin with a hexadecimal digit, and a lifecycle rule of S3 can't exclude a prefix. So this prefix must begin otherwise.
 */
export const erasureRecordPrefix = 'records/erasures/';

/** The prefix of the tombstones in the claims bucket. They never expire. Must not begin with a hexadecimal digit either. */
export const tombstonePrefix = 'tombstones/';

/** The object key of an erasure's evidence. Redeliveries of the request have the same key. */
export function erasureRecordKey(request: Omit<ErasureRequest, 'eTag'>): string {
  const { versionId = 'unversioned', requestId, requestedAt } = request;
  return `${erasureRecordPrefix}${requestedAt.slice(0, 10)}/${objectHash(request)}/${versionId}-${requestId}.json`;
}

/** The object key of the evidence of a client's erasure. */
export function clientErasureRecordKey({ requestId, requestedAt }: RequestedErasure): string {
  return `${erasureRecordPrefix}${requestedAt.slice(0, 10)}/client/${requestId}.json`;
}

/**
 * The object key of a version's tombstone. It prevents an upload of the version after its claim has expired, also if the object has
 * no room for the tag `erased`.
 */
export function tombstoneKey(version: ObjectVersion): string {
  return `${tombstonePrefix}${claimKey(version)}`;
}
