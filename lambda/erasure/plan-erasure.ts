import { claimMayHaveExpired, type ClaimRecord } from '../../contract/claim-record';
import type { ListedLivePhoto } from '../../contract/inquiry';
import { outcomeOfTags, type TagSet } from '../../contract/outcome-tags';
import type { PhotoHeaders } from '../aws/photo-store';
import { RetryLaterError } from '../retry-later-error';
import { DeadLetterError } from './dead-letter-error';

/** A version that exists. */
export interface ExistingVersion extends PhotoHeaders {
  readonly tags: TagSet;
}

/**
 * Which live photo the version has. `none`: it has none. `search`: an upload may have created one that nothing names.
 *
 * `isProven`: the live photo is certainly the version's own. Otherwise the tags may be copied, and {@link isOwnByTime} decides.
 */
export type ErasurePlan = { readonly livePhotoId: string; readonly isProven: boolean } | 'none' | 'search';

/**
 * Decides which live photo a version has. What the claim names counts first, then the tags.
 * @param record the version's claim. Undefined: there is none.
 * @throws DeadLetterError when nobody can know it; RetryLaterError when the upload of a copy has no known result yet.
 */
export function planErasure(
  version: ExistingVersion | 'gone',
  record: ClaimRecord | undefined,
  nowMs: number,
): ErasurePlan {
  const { livePhotoId, erasure } = record ?? {};
  if (livePhotoId !== undefined) return { livePhotoId, isProven: true };
  if (erasure?.lookAgainAt !== undefined) return 'search';
  const asked = erasure?.deleting?.at(-1);
  if (asked !== undefined) return { livePhotoId: asked, isProven: true }; // it was proven before its deletion was requested

  const upload = record?.attempt === 0 ? undefined : record;
  const isUnknown = upload !== undefined && upload.maybeUploaded !== false;
  if (version === 'gone') {
    if (upload?.maybeUploaded === false) return 'none';
    throw new DeadLetterError('live-photo-unknown');
  }
  // Only the upload itself can tell its live photo from that of the copy's source, which has the same bytes.
  if (upload?.isCopy === true && isUnknown) {
    throw new RetryLaterError('claim-held', 'The upload of this copy has no known result yet');
  }
  const outcome = outcomeOfTags(version.tags);
  if (outcome?.status === 'uploaded') {
    if (upload?.isCopy === true) return 'none';
    return { livePhotoId: outcome.livePhotoId, isProven: upload?.isCopy === false };
  }
  if (isUnknown) return 'search';
  // Without tags, only the claim named the live photo.
  return outcome === undefined && claimMayHaveExpired(version.createdAtMs, nowMs) ? 'search' : 'none';
}

/** How far ComplyCube's clock and S3's may differ. */
const clockSkewMs = 5 * 60_000;

/**
 * Whether the live photo in a version's tags is the version's own, and not that of an object that it was copied from. A copy is younger
 * than the live photo in its tags. Any other version is older.
 * @throws DeadLetterError when the times don't prove it.
 */
export function isOwnByTime(
  livePhoto: Pick<ListedLivePhoto, 'createdAtMs'>,
  version: Pick<ExistingVersion, 'createdAtMs'>,
): boolean {
  const ageMs = (version.createdAtMs ?? NaN) - (livePhoto.createdAtMs ?? NaN);
  if (ageMs <= 0) return true;
  if (ageMs > clockSkewMs) return false;
  throw new DeadLetterError('live-photo-unproven');
}
