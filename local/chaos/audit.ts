import { tagNames } from '../../lambda/photo-tags';

/** A photo object's version as it was put, and as it stands at the end. */
export interface AuditedPhoto {
  readonly key: string;
  readonly versionId: string;
  readonly clientId: string;
  /** Of its bytes, in hex. */
  readonly sha256: string;
  /** What its status tag must say. */
  readonly expected: 'uploaded' | 'rejected';
  /** The app's tags, as they were put. */
  readonly appTags: Readonly<Record<string, string>>;
  /** The tags that stand on it now; undefined when the version is deleted. */
  readonly tags: ReadonlyMap<string, string> | undefined;
  readonly isDeadLettered: boolean;
}

/** A live photo as ComplyCube holds it. */
export interface AuditedLivePhoto {
  readonly id: string;
  readonly clientId: string;
  readonly sha256: string;
}

/** Where the photo objects ended; each is in one of these. */
export interface PhotoAccount {
  /** Tagged with a live photo that no other's tags name. */
  readonly uploaded: number;
  /** Tagged with a live photo that another's tags name as well. */
  readonly sharing: number;
  readonly rejected: number;
  /** Their version was deleted, so that no tag can tell. */
  readonly deleted: number;
  /** Without an outcome, and in the dead-letter queue. */
  readonly deadLettered: number;
  readonly lost: number;
}

/** Where the live photos belong; each is in one of these. */
export interface LivePhotoAccount {
  /** Tags name them. */
  readonly named: number;
  /** No tag names them, and they are no duplicates: their photo object's version was deleted, or shares another's. */
  readonly unnamed: number;
  readonly duplicates: number;
}

/** What an audit found; without duplicates, lost and wrong ones all is well. */
export interface Audit {
  readonly photosPut: number;
  readonly livePhotos: number;
  /** Live photos beyond one for each photo object's version that was to get one. */
  readonly duplicates: number;
  /** Photo objects that stand, were not dead-lettered, and have no outcome, or one that names no live photo. */
  readonly lost: number;
  /** Photo objects whose tags tell what is not so, or lack what the app wrote. */
  readonly wrong: number;
  readonly photoAccount: PhotoAccount;
  readonly livePhotoAccount: LivePhotoAccount;
  /** A line for each that is counted as a fault, and for each photo without an outcome in the dead-letter queue. */
  readonly findings: readonly string[];
}

/**
 * Judges a run by what stands in S3 and at ComplyCube, and by nothing that the function says of itself.
 *
 * Photo objects of the same client and bytes can't be told apart at ComplyCube: so many of them may have so many live photos.
 */
export function audit(photos: readonly AuditedPhoto[], livePhotos: readonly AuditedLivePhoto[]): Audit {
  const byId = new Map(livePhotos.map((livePhoto) => [livePhoto.id, livePhoto]));
  const namedIds = new Set(photos.flatMap(({ tags }) => tags?.get(tagNames.livePhotoId) ?? []));
  const duplicates = findDuplicates(photos, livePhotos, namedIds);
  const ends = photos.map((photo) => ({ photo, ...endOf(photo, byId) }));
  const wrong = photos.flatMap((photo) => describe(photo, faultOf(photo, byId)));
  const endedAs = (end: End): typeof ends => ends.filter((ended) => ended.end === end);
  const named = livePhotos.filter(({ id }) => namedIds.has(id) && !duplicates.has(id)).length;
  const uploaded = endedAs('uploaded').map(({ photo }) => photo.tags?.get(tagNames.livePhotoId));
  return {
    photosPut: photos.length,
    livePhotos: livePhotos.length,
    duplicates: duplicates.size,
    lost: endedAs('lost').length,
    wrong: wrong.length,
    photoAccount: {
      uploaded: new Set(uploaded).size,
      sharing: uploaded.length - new Set(uploaded).size,
      rejected: endedAs('rejected').length,
      deleted: endedAs('deleted').length,
      deadLettered: endedAs('dead-lettered').length,
      lost: endedAs('lost').length,
    },
    livePhotoAccount: { named, unnamed: livePhotos.length - named - duplicates.size, duplicates: duplicates.size },
    findings: [
      ...[...duplicates].map((id) => `duplicate: live photo ${id}`),
      ...ends.flatMap(({ photo, end, why }) => describe(photo, why).map((finding) => `${end}: ${finding}`)),
      ...wrong.map((finding) => `wrong: ${finding}`),
    ],
  };
}

/** @returns the IDs; where some of several must go, those that tags name are kept. */
function findDuplicates(
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

function contentOf({ clientId, sha256 }: { readonly clientId: string; readonly sha256: string }): string {
  return `${clientId} ${sha256}`;
}

type LivePhotosById = ReadonlyMap<string, AuditedLivePhoto>;
type End = 'uploaded' | 'rejected' | 'deleted' | 'dead-lettered' | 'lost';

/** Where a photo object ended, and why it is there when that is no outcome. */
function endOf({ tags, isDeadLettered }: AuditedPhoto, livePhotos: LivePhotosById): { end: End; why?: string } {
  if (tags === undefined) return { end: 'deleted' };
  const status = tags.get(tagNames.status);
  const id = tags.get(tagNames.livePhotoId);
  if (status === undefined) return { end: isDeadLettered ? 'dead-lettered' : 'lost', why: 'no outcome' };
  if (id !== undefined && !livePhotos.has(id)) return { end: 'lost', why: `there is no live photo ${id}` };
  if (status === 'rejected') return { end: 'rejected' };
  return id === undefined ? { end: 'lost', why: 'uploaded, but the tags name no live photo' } : { end: 'uploaded' };
}

/** A photo that is to be rejected is cut off; the app writes no other tags than its own. */
function faultOf({ tags, expected, appTags, ...photo }: AuditedPhoto, livePhotos: LivePhotosById): string | undefined {
  if (tags === undefined) return undefined;
  const missing = Object.entries(appTags).find(([name, value]) => tags.get(name) !== value);
  if (missing !== undefined) return `the app's tag ${missing[0]} is gone`;
  const status = tags.get(tagNames.status);
  if (status !== undefined && status !== expected) return `${status} in place of ${expected}`;
  const known: readonly string[] = [tagNames.status, status === 'rejected' ? tagNames.rejection : tagNames.livePhotoId];
  const stranger = [...tags.keys()].find(
    (name) => !(name in appTags) && !(status !== undefined && known.includes(name)),
  );
  if (stranger !== undefined) return `the tag ${stranger} does not belong there`;
  const reason = tags.get(tagNames.rejection);
  if (status === 'rejected' && reason !== 'image-damaged') return `rejected as ${reason ?? 'nothing'}`;
  const livePhoto = livePhotos.get(tags.get(tagNames.livePhotoId) ?? '');
  if (livePhoto === undefined || contentOf(livePhoto) === contentOf(photo)) return undefined;
  return `live photo ${livePhoto.id} is of another client or other bytes`;
}

function describe({ key, versionId }: AuditedPhoto, finding: string | undefined): string[] {
  return finding === undefined ? [] : [`${key} ${versionId}: ${finding}`];
}
