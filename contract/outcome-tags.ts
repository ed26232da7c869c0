import { isRejectionReason, type Outcome } from './outcome';

/** The values of the status tag. */
export type OutcomeStatus = Outcome['status'];

/** The tags that the pipeline writes on a photo object; the stack's policies protect the same names. */
export const tagNames = {
  status: 'complycube-status',
  livePhotoId: 'complycube-live-photo-id',
  rejection: 'complycube-rejection',
} as const;

/** What the names of the pipeline's tags begin with; nobody else may write such tags. */
export const outcomeTagPrefix = 'complycube-';

/** S3 keeps at most this many tags on an object version (S3 user guide, "Categorizing your storage using tags"). */
export const maxTags = 10;

/** An object version's tags, by key. */
export type TagSet = ReadonlyMap<string, string>;

const ownTagNames: ReadonlySet<string> = new Set(Object.values(tagNames));
/** Every outcome writes its status and one tag that says more. */
const tagsPerOutcome = 2;

/** The tag set to write: those of others as they stand, and the outcome's in place of any that the pipeline wrote. */
export function mergeTags(standing: TagSet, outcome: Outcome): TagSet {
  const merged = new Map(othersTags(standing));
  merged.set(tagNames.status, outcome.status);
  if (outcome.status === 'uploaded') merged.set(tagNames.livePhotoId, outcome.livePhotoId);
  else merged.set(tagNames.rejection, outcome.reason);
  return merged;
}

/** Whether an outcome's tags fit beside those of others. */
export function hasRoomForOutcome(standing: TagSet): boolean {
  return othersTags(standing).length + tagsPerOutcome <= maxTags;
}

/**
 * Reads the outcome from an object's tags. If there is one, an event about this version is a redelivery of finished work.
 * @returns undefined also for an incomplete or unknown set: `uploaded` without an ID, `rejected` without a known reason. Such a
 * photo is processed, and its claim prevents a second live photo.
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

/** Whether a live photo's ID consists of characters that a tag's value may have (S3 user guide, "Object tagging"). */
function isTaggableId(id: string): boolean {
  return /^[A-Za-z0-9+\-=._:/@]{1,256}$/.test(id);
}

function othersTags(standing: TagSet): [string, string][] {
  return [...standing].filter(([key]) => !ownTagNames.has(key));
}
