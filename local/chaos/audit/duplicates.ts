import { type AuditedLivePhoto, type AuditedPhoto, contentOf } from './audited-photo';

/**
 * Finds the live photos beyond one for each photo object's version that must be uploaded. Photo objects of the same client and
 * content may have as many live photos as there are objects.
 * @param namedIds live photos that outcomes name. If some of several are duplicates, those are not.
 * @returns the IDs.
 */
export function findDuplicates(
  photos: readonly AuditedPhoto[],
  livePhotos: readonly AuditedLivePhoto[],
  namedIds: ReadonlySet<string>,
): ReadonlySet<string> {
  const allowed = new Map<string, number>();
  for (const photo of photos) {
    if (photo.expected === 'uploaded') allowed.set(contentOf(photo), (allowed.get(contentOf(photo)) ?? 0) + 1);
  }
  const namedFirst = [...livePhotos].sort(
    (one, other) => Number(namedIds.has(other.id)) - Number(namedIds.has(one.id)),
  );
  const surplus = namedFirst.filter((livePhoto) => {
    const left = allowed.get(contentOf(livePhoto)) ?? 0;
    allowed.set(contentOf(livePhoto), left - 1);
    return left <= 0;
  });
  return new Set(surplus.map(({ id }) => id));
}
