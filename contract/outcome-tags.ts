import { type Erased, isRejectionReason, type Outcome, type RejectionReason, type Uploaded } from './outcome';
import { decodeMessage, encodeMessage } from './outcome-message';

/** The values of the status tag. */
export type OutcomeStatus = Outcome['status'];

/** The tags that the pipeline writes on a photo object. The stack's policies protect them. */
export const tagNames = {
  status: 'complycube-status',
  livePhotoId: 'complycube-live-photo-id',
  rejection: 'complycube-rejection',
  message: 'complycube-message',
} as const;

/** Prefix of the pipeline's tag names. Only the function may write such tags. */
export const outcomeTagPrefix = 'complycube-';

/** S3 keeps at most this many tags on an object version (S3 user guide, "Categorizing your storage using tags"). */
export const maxTags = 10;

/** An object version's tags, by key. */
export type TagSet = ReadonlyMap<string, string>;

/** An outcome in the tags of a photo object. */
export type TaggedOutcome = TaggedUploadOutcome | Erased;

/** The outcome of an upload in the tags of a photo object. */
export type TaggedUploadOutcome =
  | Uploaded
  | {
      readonly status: 'rejected';
      readonly reason: RejectionReason;
      /** What ComplyCube answered, for `refused-by-complycube`, if there was room for the message. */
      readonly detail?: string;
    };

const ownTagNames: ReadonlySet<string> = new Set(Object.values(tagNames));
/** The status, and the live photo ID or the rejection reason. The message is optional. */
const tagsPerOutcome = 2;

/**
 * The tag set to write: keeps the tags of others, and replaces the pipeline's tags with the outcome's. ComplyCube's message is
 * omitted if there is no room for it.
 */
export function mergeTags(current: TagSet, outcome: Outcome): TagSet {
  const merged = new Map(othersTags(current));
  merged.set(tagNames.status, outcome.status);
  if (outcome.status === 'uploaded') merged.set(tagNames.livePhotoId, outcome.livePhotoId);
  if (outcome.status === 'rejected') {
    merged.set(tagNames.rejection, outcome.reason);
    if (outcome.reason === 'refused-by-complycube' && merged.size < maxTags) {
      merged.set(tagNames.message, encodeMessage(outcome.detail));
    }
  }
  return merged;
}

/** Whether the tags of an upload's outcome fit in addition to those of others. */
export function hasRoomForOutcome(current: TagSet): boolean {
  return othersTags(current).length + tagsPerOutcome <= maxTags;
}

/** Whether the one tag of an erasure fits in addition to those of others. */
export function hasRoomForErased(current: TagSet): boolean {
  return othersTags(current).length < maxTags;
}

/**
 * Reads the outcome from an object's tags. If there is one, the version has been processed.
 * @returns undefined also for an incomplete or unknown set: `uploaded` without an ID, `rejected` without a known reason. Such a
 * photo is processed, and its claim prevents a duplicate.
 */
export function outcomeOfTags(tags: TagSet): TaggedOutcome | undefined {
  const status = tags.get(tagNames.status);
  if (status === 'uploaded') {
    const livePhotoId = tags.get(tagNames.livePhotoId) ?? '';
    return isTaggableId(livePhotoId) ? { status, livePhotoId } : undefined;
  }
  if (status === 'erased') return { status };
  if (status !== 'rejected') return undefined;
  const reason = tags.get(tagNames.rejection) ?? '';
  if (!isRejectionReason(reason)) return undefined;
  const detail = reason === 'refused-by-complycube' ? decodeMessage(tags.get(tagNames.message) ?? '') : '';
  return { status, reason, ...(detail !== '' && { detail }) };
}

/** Whether a live photo's ID is a valid tag value (S3 user guide, "Object tagging"). */
function isTaggableId(id: string): boolean {
  return /^[A-Za-z0-9+\-=._:/@]{1,256}$/.test(id);
}

function othersTags(current: TagSet): [string, string][] {
  return [...current].filter(([key]) => !ownTagNames.has(key));
}
