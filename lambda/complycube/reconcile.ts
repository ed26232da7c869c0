import { createHash } from 'node:crypto';
import { callAuthorized, type ComplyCubeDeps, type SearchCall } from './authorized-call';
import type { ListedLivePhoto } from '../../contract/inquiry';
import type { Answer, Refused } from './answer';
import type { Delivery } from '../delivery';
import { validateImage } from '../../contract/image/image';
import { UploadUnknownError } from '../retry-later-error';
import { judgeFailure, saysClientIsUnknown } from '../verdict';
import { crc32 } from 'node:zlib';

/** A photo that an earlier attempt may have uploaded already. */
export interface EarlierAttempt {
  readonly clientId: string;
  readonly image: Buffer;
  /** When it was first claimed, in milliseconds since 1970. Its live photo can't be older. */
  readonly claimedAtMs: number;
}

/** How far ComplyCube's clock and the function's may differ. */
const clockSkewMs = 5 * 60_000;

/**
 * Finds the live photo that an earlier attempt may have created. Goes through the client's live photos, newest first, compares age
 * and size, and downloads the candidates to compare their bytes with the photo.
 *
 * *Not found* does not prove that there is none: ComplyCube also answers a malformed filter with an empty list.
 * @returns the ID of the live photo. Undefined: not found.
 * @throws RetryLaterError when the list or a download is unavailable or untrusted. That is never *not found*.
 */
export async function findEarlierLivePhoto(
  attempt: EarlierAttempt,
  delivery: Delivery,
  deps: ComplyCubeDeps<SearchCall>,
): Promise<string | undefined> {
  const { clientId, claimedAtMs } = attempt;
  const isTooOld = ({ createdAtMs = Infinity }: Pick<ListedLivePhoto, 'createdAtMs'>): boolean =>
    createdAtMs < claimedAtMs - clockSkewMs;
  let mayBeUnnamed = false;
  const notFound = (): string | undefined => {
    if (!mayBeUnnamed) return undefined;
    throw new UploadUnknownError('ComplyCube’s answer is unknown: a live photo of the same size has no usable ID');
  };
  for (let page = 1; ; page++) {
    const list = await callAuthorized(
      (options) => deps.complyCube.listLivePhotos(clientId, page, options),
      deps,
      delivery,
    );
    // An unknown client has no live photos. The answer to the upload decides what that means for the photo.
    if (list.kind === 'refused' && saysClientIsUnknown(list)) return notFound();
    const { livePhotos, unnamed, pages } = accepted(list, clientId);
    mayBeUnnamed ||= unnamed.some((livePhoto) => livePhoto.size === attempt.image.length && !isTooOld(livePhoto));
    for (const livePhoto of livePhotos) {
      if (!isTooOld(livePhoto) && (await isSame(livePhoto, attempt, delivery, deps))) return livePhoto.id;
    }
    // Newest first: after a page of live photos that are too old, all others are too old.
    if (page >= pages || (livePhotos.length > 0 && livePhotos.every(isTooOld))) return notFound();
  }
}

async function isSame(
  livePhoto: ListedLivePhoto,
  { clientId, image }: EarlierAttempt,
  delivery: Delivery,
  deps: ComplyCubeDeps<SearchCall>,
): Promise<boolean> {
  if (livePhoto.size !== undefined && livePhoto.size !== image.length) return false;
  const download = await callAuthorized(
    (options) => deps.complyCube.downloadLivePhoto(livePhoto, options),
    deps,
    delivery,
  );
  if (download.kind === 'refused' && isDeleted(download)) return false;
  const bytes = accepted(download, clientId);
  if (sha256(bytes) === sha256(image)) return true;
  // Without a listed size, only the image itself shows whether the download is complete.
  if (livePhoto.size === undefined && validateImage(bytes, crc32) !== undefined) {
    throw new UploadUnknownError('ComplyCube’s answer is unknown: the download of a live photo is not a whole image');
  }
  return false;
}

/** Whether the live photo was deleted since it was listed. A gateway's 404, without ComplyCube's error body, does not count. */
function isDeleted({ status, type, message }: Refused): boolean {
  return status === 404 && (type !== undefined || message !== undefined);
}

function accepted<T>(answer: Answer<T>, clientId: string): T {
  if (answer.kind === 'accepted') return answer.value;
  throw judgeFailure(answer, clientId);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
