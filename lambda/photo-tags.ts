import type { Outcome, RejectionReason } from './outcome';

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

/** The outcome that the tags tell, if any: an event about this version is then a redelivery of work that is done. */
export function toldOutcome(standing: TagSet): Outcome | undefined {
  const status = standing.get(tagNames.status);
  if (status === 'uploaded') return { status, livePhotoId: standing.get(tagNames.livePhotoId) ?? '' };
  if (status !== 'rejected') return undefined;
  return { status, reason: standing.get(tagNames.rejection) as RejectionReason, detail: 'The details are in the log' };
}

function othersTags(standing: TagSet): [string, string][] {
  return [...standing].filter(([key]) => !ownTagNames.has(key));
}
