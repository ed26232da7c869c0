import { tagNames } from '../../lambda/photo-tags';

/** A photo object as it was put, and as it stands at the end. */
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

/** What an audit found; zero of the last three, and all is well. */
export interface Audit {
  readonly photosPut: number;
  readonly livePhotos: number;
  /** Live photos beyond one for each photo object version. */
  readonly duplicates: number;
  /** Photo objects that stand, were not dead-lettered, and have no outcome, or one that names no live photo. */
  readonly lost: number;
  /** Photo objects whose tags tell what is not so, or lack what the app wrote. */
  readonly wrong: number;
  /** A line for each that is counted as one of these. */
  readonly findings: readonly string[];
}

/**
 * Judges a run by what stands in S3 and at ComplyCube, and by nothing that the function says of itself.
 *
 * Photo objects of the same client and bytes can't be told apart at ComplyCube: so many of them may have so many live photos.
 */
export function audit(photos: readonly AuditedPhoto[], livePhotos: readonly AuditedLivePhoto[]): Audit {
  const byId = new Map(livePhotos.map((livePhoto) => [livePhoto.id, livePhoto]));
  const duplicates = findDuplicates(photos, livePhotos);
  const lost = photos.flatMap((photo) => describe(photo, lossOf(photo, byId)));
  const wrong = photos.flatMap((photo) => describe(photo, faultOf(photo, byId)));
  return {
    photosPut: photos.length,
    livePhotos: livePhotos.length,
    duplicates: duplicates.length,
    lost: lost.length,
    wrong: wrong.length,
    findings: [
      ...duplicates.map(({ id }) => `duplicate: live photo ${id}`),
      ...lost.map((finding) => `lost: ${finding}`),
      ...wrong.map((finding) => `wrong: ${finding}`),
    ],
  };
}

function findDuplicates(photos: readonly AuditedPhoto[], livePhotos: readonly AuditedLivePhoto[]): AuditedLivePhoto[] {
  const allowed = new Map<string, number>();
  for (const photo of photos) allowed.set(contentOf(photo), (allowed.get(contentOf(photo)) ?? 0) + 1);
  return livePhotos.filter((livePhoto) => {
    const left = allowed.get(contentOf(livePhoto)) ?? 0;
    allowed.set(contentOf(livePhoto), left - 1);
    return left <= 0;
  });
}

function contentOf({ clientId, sha256 }: { readonly clientId: string; readonly sha256: string }): string {
  return `${clientId} ${sha256}`;
}

type LivePhotosById = ReadonlyMap<string, AuditedLivePhoto>;

function lossOf({ tags, isDeadLettered }: AuditedPhoto, livePhotos: LivePhotosById): string | undefined {
  if (tags === undefined || isDeadLettered) return undefined;
  const status = tags.get(tagNames.status);
  if (status === undefined) return 'no outcome';
  const id = tags.get(tagNames.livePhotoId);
  if (status === 'uploaded' && id === undefined) return 'uploaded, but the tags name no live photo';
  return id !== undefined && !livePhotos.has(id) ? `there is no live photo ${id}` : undefined;
}

function faultOf({ tags, expected, appTags, ...photo }: AuditedPhoto, livePhotos: LivePhotosById): string | undefined {
  if (tags === undefined) return undefined;
  const missing = Object.entries(appTags).find(([name, value]) => tags.get(name) !== value);
  if (missing !== undefined) return `the app's tag ${missing[0]} is gone`;
  const status = tags.get(tagNames.status);
  if (status !== undefined && status !== expected) return `${status} in place of ${expected}`;
  const livePhoto = livePhotos.get(tags.get(tagNames.livePhotoId) ?? '');
  if (livePhoto === undefined || contentOf(livePhoto) === contentOf(photo)) return undefined;
  return `live photo ${livePhoto.id} is of another client or other bytes`;
}

function describe({ key, versionId }: AuditedPhoto, finding: string | undefined): string[] {
  return finding === undefined ? [] : [`${key} ${versionId}: ${finding}`];
}
