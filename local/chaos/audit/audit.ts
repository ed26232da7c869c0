import { type AuditedLivePhoto, type AuditedPhoto, contentOf } from './audited-photo';
import { findDuplicates } from './duplicates';
import { endOf, faultOf, livePhotoIdOf, type PhotoEnd } from './photo-end';

/** How the photo objects ended; each is in one of these. */
export interface PhotoAccount {
  /** Tagged with a live photo that no other outcome names. */
  readonly uploaded: number;
  /** Tagged with a live photo that another outcome names too. */
  readonly sharing: number;
  /** With an outcome, but others' tags leave no room for it. */
  readonly untaggable: number;
  readonly rejected: number;
  /** Their version was deleted, so no tags show what happened. */
  readonly deleted: number;
  /** Without an outcome, and in the dead-letter queue. */
  readonly deadLettered: number;
  readonly lost: number;
}

/** What the live photos belong to; each is in one of these. */
export interface LivePhotoAccount {
  /** An outcome names them. */
  readonly named: number;
  /** No outcome names them, but they are no duplicates: their photo object's version was deleted, or shares another's. */
  readonly unnamed: number;
  readonly duplicates: number;
}

/** What an audit found. Without duplicates, lost and wrong ones all is well. */
export interface Audit {
  readonly photosPut: number;
  readonly livePhotos: number;
  /** Live photos beyond one for each photo object's version that must be uploaded. */
  readonly duplicates: number;
  /** Photo objects that exist, were not dead-lettered, and have no outcome, or one that names no live photo. */
  readonly lost: number;
  /** Photo objects whose tags, outcome or events are wrong, or lack what others wrote. */
  readonly wrong: number;
  readonly photoAccount: PhotoAccount;
  readonly livePhotoAccount: LivePhotoAccount;
  /** A line for each fault, and for each photo without an outcome in the dead-letter queue. */
  readonly findings: readonly string[];
}

/** Judges a run by what is in S3, on the event bus and at ComplyCube: by nothing else that the function says. */
export function audit(photos: readonly AuditedPhoto[], livePhotos: readonly AuditedLivePhoto[]): Audit {
  const byId = new Map(livePhotos.map((livePhoto) => [livePhoto.id, livePhoto]));
  const ends = photos.map((photo) => ({ photo, end: endOf(photo, byId) }));
  const namedIds = new Set(ends.flatMap(({ end }) => livePhotoIdOf(end) ?? []));
  const duplicates = findDuplicates(photos, livePhotos, namedIds);
  const count = (wanted: PhotoEnd['end']): number => ends.filter(({ end }) => end.end === wanted).length;
  const uploadedIds = ends.flatMap(({ end }) => (end.end === 'uploaded' ? [end.livePhotoId] : []));
  const uploaded = new Set(uploadedIds).size;
  const wrong = ends.flatMap(({ photo, end }) => describe(photo, faultOf(photo, end, byId)));
  const named = livePhotos.filter(({ id }) => namedIds.has(id) && !duplicates.has(id)).length;
  return {
    photosPut: photos.length,
    livePhotos: livePhotos.length,
    duplicates: duplicates.size,
    lost: count('lost'),
    wrong: wrong.length,
    photoAccount: {
      uploaded,
      sharing: uploadedIds.length - uploaded,
      untaggable: count('untaggable'),
      rejected: count('rejected'),
      deleted: count('deleted'),
      deadLettered: count('dead-lettered'),
      lost: count('lost'),
    },
    livePhotoAccount: { named, unnamed: livePhotos.length - named - duplicates.size, duplicates: duplicates.size },
    findings: [
      ...[...duplicates].map((id) => `duplicate: ${describeContent(byId.get(id), photos, livePhotos)}`),
      ...ends.flatMap(({ photo, end }) =>
        'why' in end ? describe(photo, end.why).map((finding) => `${end.end}: ${finding}`) : [],
      ),
      ...wrong.map((finding) => `wrong: ${finding}`),
    ],
  };
}

/** All live photos with the content of one, and the photo objects with it. */
function describeContent(
  duplicate: AuditedLivePhoto | undefined,
  photos: readonly AuditedPhoto[],
  livePhotos: readonly AuditedLivePhoto[],
): string {
  const content = duplicate && contentOf(duplicate);
  const same = livePhotos.filter((livePhoto) => contentOf(livePhoto) === content);
  const keys = photos.filter((photo) => contentOf(photo) === content).map(({ key }) => key);
  return `${same.map(({ id, createdAt }) => `${id} of ${createdAt}`).join(', ')} for ${keys.join(', ')}`;
}

function describe({ key, versionId }: AuditedPhoto, finding: string | undefined): string[] {
  return finding === undefined ? [] : [`${key} ${versionId}: ${finding}`];
}
