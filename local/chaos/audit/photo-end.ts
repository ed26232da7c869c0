import { hasRoomForOutcome, outcomeOfTags, tagNames } from '../../../contract/outcome-tags';
import { type AuditedLivePhoto, type AuditedPhoto, contentOf, type PublishedOutcome } from './audited-photo';

/** The result of a photo object. Without an outcome, why. */
export type PhotoEnd =
  | { readonly end: 'uploaded'; readonly livePhotoId: string }
  | { readonly end: 'rejected'; readonly reason: string }
  /** Other tags leave no room, so that only the event contains the outcome. */
  | { readonly end: 'untaggable'; readonly outcome: PublishedOutcome }
  /** The version was deleted, so there are no tags. */
  | { readonly end: 'deleted' }
  | { readonly end: 'erased' }
  | { readonly end: 'dead-lettered' | 'lost'; readonly why: string };

/** Live photos by ID. */
export type LivePhotosById = ReadonlyMap<string, AuditedLivePhoto>;

/** Determines the result of a photo object. */
export function endOf({ tags, published, isDeadLettered }: AuditedPhoto, livePhotos: LivePhotosById): PhotoEnd {
  if (tags === undefined) return { end: 'deleted' };
  const outcome = outcomeOfTags(tags);
  if (outcome?.status === 'rejected') return { end: 'rejected', reason: outcome.reason };
  if (outcome?.status === 'erased') return { end: 'erased' };
  if (outcome !== undefined) return uploadedAs(outcome.livePhotoId, livePhotos);
  const untagged = published.at(-1);
  if (!hasRoomForOutcome(tags) && untagged !== undefined) {
    const { livePhotoId } = untagged;
    const isMissing = livePhotoId !== undefined && !livePhotos.has(livePhotoId);
    return isMissing ? uploadedAs(livePhotoId, livePhotos) : { end: 'untaggable', outcome: untagged };
  }
  const why = tags.has(tagNames.status) ? 'the tags show no whole outcome' : 'no outcome';
  return { end: isDeadLettered ? 'dead-lettered' : 'lost', why };
}

function uploadedAs(livePhotoId: string, livePhotos: LivePhotosById): PhotoEnd {
  if (livePhotos.has(livePhotoId)) return { end: 'uploaded', livePhotoId };
  return { end: 'lost', why: `there is no live photo ${livePhotoId}` };
}

/** What is wrong with a photo object's tags, outcome or events, if anything. */
export function faultOf(photo: AuditedPhoto, end: PhotoEnd, livePhotos: LivePhotosById): string | undefined {
  const { tags, expected, othersTags, published } = photo;
  if (tags === undefined) return undefined;
  const missing = Object.entries(othersTags).find(([name, value]) => tags.get(name) !== value);
  if (missing !== undefined) return `the tag ${missing[0]} of others is gone`;
  const stranger = [...tags.keys()].find((name) => !(name in othersTags) && !namesOf(end).includes(name));
  if (stranger !== undefined) return `the tag ${stranger} does not belong there`;
  if (end.end === 'erased' && !published.some(({ isErased }) => isErased)) return 'its erasure was not published';
  if (end.end === 'erased') return expected === 'erased' ? undefined : `erased instead of ${expected}`;
  const outcome = outcomeOf(end);
  if (outcome === undefined) return undefined;
  const actual = outcome.reason ?? 'uploaded';
  if (actual !== expected) return `${actual} instead of ${expected}`;
  if (end.end !== 'untaggable' && !isPublished(outcome, photo)) return 'its outcome was not published';
  const livePhoto = livePhotos.get(outcome.livePhotoId ?? '');
  if (livePhoto === undefined || contentOf(livePhoto) === contentOf(photo)) return undefined;
  return `live photo ${livePhoto.id} is of another client or other bytes`;
}

/** The live photo in a photo object's outcome. */
export function livePhotoIdOf(end: PhotoEnd): string | undefined {
  return outcomeOf(end)?.livePhotoId;
}

function outcomeOf(end: PhotoEnd): Omit<PublishedOutcome, 'isTagged'> | undefined {
  switch (end.end) {
    case 'uploaded':
      return { livePhotoId: end.livePhotoId };
    case 'rejected':
      return { reason: end.reason };
    case 'untaggable':
      return end.outcome;
    case 'deleted':
    case 'erased':
    case 'dead-lettered':
    case 'lost':
      return undefined;
  }
}

/** The function's tags for a result. */
function namesOf(end: PhotoEnd): readonly string[] {
  if (end.end === 'uploaded') return [tagNames.status, tagNames.livePhotoId];
  if (end.end === 'rejected') {
    const { status, rejection, message } = tagNames;
    return end.reason === 'refused-by-complycube' ? [status, rejection, message] : [status, rejection];
  }
  if (end.end === 'erased') return [tagNames.status];
  // Lost photo objects are reported separately.
  return end.end === 'lost' ? Object.values(tagNames) : [];
}

function isPublished(
  { livePhotoId, reason }: Omit<PublishedOutcome, 'isTagged'>,
  { published }: Pick<AuditedPhoto, 'published'>,
): boolean {
  return published.some((outcome) => outcome.livePhotoId === livePhotoId && outcome.reason === reason);
}
