import type { Delivery } from './delivery';
import { validateImage } from './image';
import { type LivePhotoRequest, parseMetadata, validateSize } from './live-photo';
import type { PhotoLocation } from './object-events';
import { isRejected, type Outcome, reject, type Rejected, type Skipped } from './outcome';
import type { OpenPhoto, PhotoStore } from './photo-store';
import { hasRoomForOutcome, maxTags, mergeTags, type TagSet, tellsOutcome } from './photo-tags';
import { type UploadEdges, uploadPhoto } from './upload-photo';

/** What processing a photo needs of the outer world. */
export interface PhotoEdges extends UploadEdges {
  readonly photos: Pick<PhotoStore, 'open' | 'readTags' | 'writeTags'>;
  /** For photo objects that do not say whether to check liveness. */
  readonly performLivenessCheck: boolean | undefined;
}

/**
 * Takes one photo object to ComplyCube and writes what became of it onto the object.
 *
 * 1. Open the very object that the event is about; its headers tell size, metadata and number of tags.
 * 2. Skip it when it is gone, or when its tags tell an outcome; reject it when an outcome's tags would not fit.
 * 3. Reject what the headers show to be at fault, then what the bytes do.
 * 4. Upload it, and read the standing tags again meanwhile.
 * 5. Write the outcome's tags beside those of others.
 *
 * @returns the outcome, or why nothing was to be done: either way the message is done with.
 * @throws whatever else happens: the message is to be tried again.
 */
export async function processPhoto(
  location: PhotoLocation,
  delivery: Delivery,
  edges: PhotoEdges,
): Promise<Outcome | Skipped> {
  const { photos } = edges;
  const photo = await photos.open(location);
  if (photo === 'gone' || photo === 'overwritten') return { status: 'skipped', because: photo };
  delivery.summary.bytes = photo.bytes;
  try {
    const standing = photo.tagCount === 0 ? noTags : await photos.readTags(location);
    if (standing === 'gone') return { status: 'skipped', because: 'gone' };
    if (tellsOutcome(standing)) return { status: 'skipped', because: 'duplicate' };
    if (!hasRoomForOutcome(standing)) {
      delivery.summary.isTagged = false;
      return reject('tag-limit-reached', `The object has ${standing.size} of ${maxTags} tags: no room for the outcome`);
    }

    const prepared = await prepare(photo, edges.performLivenessCheck);
    if (isRejected(prepared)) return await tag(prepared, standing);

    const [uploading, rereading] = await Promise.allSettled([
      uploadPhoto(prepared.request, prepared.image, delivery, edges),
      photos.readTags(location),
    ]);
    if (uploading.status === 'rejected') throw uploading.reason;
    return await tag(
      uploading.value,
      rereading.status === 'fulfilled' ? rereading.value : await photos.readTags(location),
    );
  } finally {
    photo.discard();
  }

  /** An outcome stands even where it can't be written: the object is gone, or others filled its tags meanwhile. */
  async function tag(outcome: Outcome, standing: TagSet | 'gone'): Promise<Outcome> {
    const isWritable = standing !== 'gone' && hasRoomForOutcome(standing);
    delivery.summary.isTagged =
      isWritable && (await photos.writeTags(location, mergeTags(standing, outcome))) === 'written';
    return outcome;
  }
}

const noTags: TagSet = new Map();

/** Reads and checks all that is sent, the cheap checks first: a photo whose headers are at fault is not read. */
async function prepare(
  photo: OpenPhoto,
  performLivenessCheck: boolean | undefined,
): Promise<{ request: LivePhotoRequest; image: Buffer } | Rejected> {
  const request = validateSize(photo.bytes) ?? parseMetadata(photo.metadata, performLivenessCheck);
  if (isRejected(request)) return request;
  const image = await photo.read();
  return validateImage(image) ?? { request, image };
}
