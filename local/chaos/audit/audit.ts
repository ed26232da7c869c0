import { type AuditedLivePhoto, type AuditedPhoto, contentOf } from './audited-photo';
import { endOf, faultOf, livePhotoIdOf, type PhotoEnd } from './photo-end';

/** The numbers of photo objects by result. */
export interface PhotoAccount {
  /** Tagged with a separate live photo. */
  readonly uploaded: number;
  /** Tagged with a live photo that another outcome also contains. */
  readonly sharing: number;
  /** With an outcome that can't be tagged, because other tags leave no room. */
  readonly untaggable: number;
  readonly rejected: number;
  /** At the request of an operator. */
  readonly erased: number;
  /** The version was deleted, so there are no tags. */
  readonly deleted: number;
  /** Without an outcome, and in the dead-letter queue. */
  readonly deadLettered: number;
  readonly lost: number;
}

/** The numbers of live photos by kind. */
export interface LivePhotoAccount {
  /** An outcome contains their ID. */
  readonly named: number;
  /** No outcome contains their ID, but they are not duplicates: the version was deleted or shares another live photo. */
  readonly unnamed: number;
  readonly duplicates: number;
}

/** The result of an audit. Duplicates, lost, wrong ones and erased ones with a live photo must be 0. */
export interface Audit {
  readonly photosPut: number;
  readonly livePhotos: number;
  /** Live photos in excess of one per version that must be uploaded. */
  readonly duplicates: number;
  /** Photo objects that exist, are not dead-lettered, and have no outcome or an outcome without a live photo. */
  readonly lost: number;
  /** Photo objects with wrong tags, outcomes or events, or without the tags of other programs. */
  readonly wrong: number;
  /** Erased photo objects that still have a live photo. */
  readonly erasedWithLivePhoto: number;
  readonly photoAccount: PhotoAccount;
  readonly livePhotoAccount: LivePhotoAccount;
  /** One line for each fault and each dead-lettered photo without an outcome. */
  readonly findings: readonly string[];
}

/** Audits a run by what S3, the event bus and ComplyCube contain, independently of the function's log. */
export function audit(photos: readonly AuditedPhoto[], livePhotos: readonly AuditedLivePhoto[]): Audit {
  const byId = new Map(livePhotos.map((livePhoto) => [livePhoto.id, livePhoto]));
  const ends = photos.map((photo) => ({ photo, end: endOf(photo, byId) }));
  const namedIds = new Set(ends.flatMap(({ end }) => livePhotoIdOf(end) ?? []));
  const duplicates = findDuplicates(photos, livePhotos, namedIds);
  const count = (wanted: PhotoEnd['end']): number => ends.filter(({ end }) => end.end === wanted).length;
  const uploadedIds = ends.flatMap(({ end }) => (end.end === 'uploaded' ? [end.livePhotoId] : []));
  const uploaded = new Set(uploadedIds).size;
  const wrong = ends.flatMap(({ photo, end }) => describe(photo, faultOf(photo, end, byId)));
  const contents = new Set(livePhotos.map(contentOf));
  const stillLive = ends.filter(({ photo, end }) => end.end === 'erased' && contents.has(contentOf(photo)));
  const named = livePhotos.filter(({ id }) => namedIds.has(id) && !duplicates.has(id)).length;
  return {
    photosPut: photos.length,
    livePhotos: livePhotos.length,
    duplicates: duplicates.size,
    lost: count('lost'),
    wrong: wrong.length,
    erasedWithLivePhoto: stillLive.length,
    photoAccount: {
      uploaded,
      sharing: uploadedIds.length - uploaded,
      untaggable: count('untaggable'),
      rejected: count('rejected'),
      erased: count('erased'),
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
      ...stillLive.flatMap(({ photo }) => describe(photo, 'erased, but ComplyCube has its live photo')),
      ...wrong.map((finding) => `wrong: ${finding}`),
    ],
  };
}

/** All live photos with the same content, and their photo objects. */
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

/**
 * Finds the live photos beyond one for each photo object's version that must be uploaded. Photo objects of the same client and
 * content may have as many live photos as there are objects.
 * @param namedIds live photos that outcomes name. If some of several are duplicates, those are not.
 * @returns the IDs.
 */
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
