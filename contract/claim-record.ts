import type { RefusalCounts } from './refusal-counts';

/** What a claim's object holds, as JSON: what the next attempt must know, and what an auditor asks. */
export interface ClaimRecord {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
  readonly eTag: string;
  /** When the photo object was first claimed; ISO 8601. A takeover keeps it: nothing was uploaded before. */
  readonly claimedAt: string;
  /** Until when nobody else may work on the photo object; ISO 8601. */
  readonly leaseUntil: string;
  /** How many deliveries have held the claim. */
  readonly attempt: number;
  /** The ID of the delivery that holds it. */
  readonly holder: string;
  /** The live photo, if it is known and could not be written onto the object. */
  readonly livePhotoId?: string | undefined;
  /**
   * `false`: ComplyCube has no live photo of any attempt so far. Absent means that it may have one. Claims of earlier versions
   * of the function don't have it.
   */
  readonly maybeUploaded?: false | undefined;
  /** ComplyCube's refusals that are counted. */
  readonly refusals?: RefusalCounts | undefined;
}

/** A claim as it is in S3. */
export interface Claim {
  readonly record: ClaimRecord;
  /** ETag of the claim's object; it changes with the holder. */
  readonly claimETag: string;
}

/** The durations that a claim depends on, in milliseconds. */
export interface ClaimDurations {
  /** How long a photo's own work may take. */
  readonly photoDeadlineMs: number;
  /** How far the clocks of two environments may differ. */
  readonly clockSkewMs: number;
  /** How long ComplyCube may take to list a live photo after the call that made it. */
  readonly listingDelayMs: number;
}

/** ISO 8601, as claims hold times. */
export function toIso(ms: number): string {
  return new Date(ms).toISOString();
}
