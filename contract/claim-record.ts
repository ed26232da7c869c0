import { claimRetentionDays } from './durations';
import type { ErasureProgress } from './erasure-progress';
import type { ObjectVersion } from './object-version';
import type { RefusalCounts } from './refusal-counts';

/** The JSON content of a claim's object, for the next attempt and for audits. */
export interface ClaimRecord extends ObjectVersion {
  /** When the photo object was first claimed (ISO 8601). A takeover keeps it: no live photo can be older. */
  readonly claimedAt: string;
  /** End of the lease (ISO 8601). Until then no other delivery may process the photo object. */
  readonly leaseUntil: string;
  /** How many deliveries have held the claim for an upload. 0: the erasure of a version that had no claim. */
  readonly attempt: number;
  /** The ID of the delivery that holds it. */
  readonly holder: string;
  /** The live photo, if it is known but the object could not be tagged with it. */
  readonly livePhotoId?: string | undefined;
  /**
   * `false`: ComplyCube has no live photo of any attempt so far. Absent: it may have one. Earlier versions of the function never
   * write it.
   */
  readonly maybeUploaded?: false | undefined;
  /**
   * Whether CopyObject created the object. If so, its tags prove nothing, because they are copied too. Absent in claims of earlier
   * versions of the function.
   */
  readonly isCopy?: boolean | undefined;
  /**
   * The erasure of this version. Such a claim is a tombstone: the version is never uploaded again. Its lease never ends, so that
   * earlier versions of the function leave it alone too.
   */
  readonly erasure?: ErasureProgress | undefined;
  /** Counts of ComplyCube's refusals. */
  readonly refusals?: RefusalCounts | undefined;
}

/** A claim as stored in S3. */
export interface Claim {
  readonly record: ClaimRecord;
  /** ETag of the claim's object. Every write changes it. */
  readonly claimETag: string;
}

/** The durations that a lease depends on, in milliseconds. */
export interface ClaimDurations {
  /** How long processing one photo may take. */
  readonly photoDeadlineMs: number;
  /** How far the clocks of two environments may differ. */
  readonly clockSkewMs: number;
  /** How long ComplyCube may take to list a live photo after creating it. */
  readonly listingDelayMs: number;
}

/** Formats a time as ISO 8601, as claims store it. */
export function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Whether a version is so old that S3 may have deleted its claim. @param createdAtMs of the version. Undefined: unknown. */
export function claimMayHaveExpired(createdAtMs: number | undefined, nowMs: number): boolean {
  return createdAtMs === undefined || nowMs - createdAtMs >= (claimRetentionDays - 1) * 86_400_000;
}
