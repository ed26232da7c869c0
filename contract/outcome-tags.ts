import { isRejectionReason, type Outcome } from './outcome';

/** The values of the status tag. */
export type OutcomeStatus = Outcome['status'];

/** The tags that the pipeline writes on a photo object. The stack's policies protect them. */
export const tagNames = {
  status: 'complycube-status',
  livePhotoId: 'complycube-live-photo-id',
  rejection: 'complycube-rejection',
} as const;

/** Prefix of the pipeline's tag names. Only the function may write such tags. */
export const outcomeTagPrefix = 'complycube-';

/** S3 keeps at most this many tags on an object version (S3 user guide, "Categorizing your storage using tags"). */
export const maxTags = 10;

/** An object version's tags, by key. */
export type TagSet = ReadonlyMap<string, string>;

const ownTagNames: ReadonlySet<string> = new Set(Object.values(tagNames));
/** The status, and the live photo ID or the rejection reason. */
const tagsPerOutcome = 2;

/** The tag set to write: keeps the tags of others, and replaces the pipeline's tags with the outcome's. */
export function mergeTags(current: TagSet, outcome: Outcome): TagSet {
  const merged = new Map(othersTags(current));
  merged.set(tagNames.status, outcome.status);
  if (outcome.status === 'uploaded') merged.set(tagNames.livePhotoId, outcome.livePhotoId);
  else merged.set(tagNames.rejection, outcome.reason);
  return merged;
}

/** Whether an outcome's tags fit in addition to those of others. */
export function hasRoomForOutcome(current: TagSet): boolean {
  return othersTags(current).length + tagsPerOutcome <= maxTags;
}

/**
 * Reads the outcome from an object's tags. If there is one, the version has been processed.
 * @returns undefined also for an incomplete or unknown set: `uploaded` without an ID, `rejected` without a known reason. Such a
 * photo is processed, and its claim prevents a duplicate.
 */
export function outcomeOfTags(tags: TagSet): Outcome | undefined {
  const status = tags.get(tagNames.status);
  if (status === 'uploaded') {
    const livePhotoId = tags.get(tagNames.livePhotoId) ?? '';
    return isTaggableId(livePhotoId) ? { status, livePhotoId } : undefined;
  }
  if (status !== 'rejected') return undefined;
  const reason = tags.get(tagNames.rejection) ?? '';
  return isRejectionReason(reason) ? { status, reason, detail: 'The details are in the log' } : undefined;
}

/** Whether a live photo's ID is a valid tag value (S3 user guide, "Object tagging"). */
function isTaggableId(id: string): boolean {
  return /^[A-Za-z0-9+\-=._:/@]{1,256}$/.test(id);
}

function othersTags(current: TagSet): [string, string][] {
  return [...current].filter(([key]) => !ownTagNames.has(key));
}
