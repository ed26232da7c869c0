import { callAuthorized, type ComplyCubeEdges } from './authorized-call';
import type { Claim, ClaimAttempt, Claims } from './claims';
import type { Delivery } from './delivery';
import type { ArrivingImage } from './arriving-image';
import { signatureBytes, validateSignature } from './image';
import { isClientId, type LivePhotoRequest, metadataNames, parseMetadata, validateSize } from './live-photo';
import type { PhotoLocation } from './object-events';
import { isRejected, type Outcome, reject, type Rejected, type Skipped, type Uploaded } from './outcome';
import type { OutcomeEvents } from './outcome-events';
import type { AbsentPhoto, OpenPhoto, PhotoStore } from './photo-store';
import { hasRoomForOutcome, maxTags, mergeTags, type TagSet, toldOutcome } from './photo-tags';
import { findEarlierLivePhoto } from './reconcile';
import { UploadUnknownError } from './retry-later-error';
import { judgeUpload } from './verdict';

/** What processing a photo needs of the outer world. */
export interface PhotoEdges extends ComplyCubeEdges {
  readonly photos: Pick<PhotoStore, 'open' | 'readTags' | 'writeTags'>;
  readonly claims: Pick<Claims, 'claim' | 'takeOver' | 'release' | 'endLease'>;
  readonly events: Pick<OutcomeEvents, 'publish'>;
  /** For photo objects that do not say whether to check liveness. */
  readonly performLivenessCheck: boolean | undefined;
}

/**
 * Takes one photo object to ComplyCube, writes what became of it onto the object, and publishes it.
 *
 * 1. Claim the object's version, and open it, at the same time; its headers tell size, metadata and number of tags.
 * 2. Skip it when it is gone, or when its tags tell an outcome that stands; reject it when an outcome's tags would not fit.
 * 3. Let it wait when another delivery holds the claim; take the claim over when its lease has ended.
 * 4. Reject what the headers show to be at fault, then what the bytes do.
 * 5. After an earlier attempt, look for its live photo; else upload, and read the standing tags again meanwhile.
 * 6. Write the outcome's tags beside those of others, the proof that the photo is done, and publish the outcome meanwhile.
 *
 * Whatever fails gives the claim back: released when ComplyCube surely did not take the photo, else with its lease ended.
 * @returns the outcome, or why nothing was to be done: either way the message is done with.
 * @throws whatever else happens: the message is to be tried again.
 */
export async function processPhoto(
  location: PhotoLocation,
  delivery: Delivery,
  edges: PhotoEdges,
): Promise<Outcome | Skipped> {
  delivery.gate.pass();
  const [claimed, photo] = await claimAndOpen(location, edges);
  if (photo === 'gone' || photo === 'overwritten') return { status: 'skipped', because: photo };
  delivery.summary.bytes = photo.bytes;
  try {
    const standing = photo.tagCount === 0 ? noTags : await edges.photos.readTags(location);
    if (standing === 'gone') return { status: 'skipped', because: 'gone' };
    const told = isCopiedOutcome(location, claimed) ? undefined : toldOutcome(standing);
    if (told !== undefined && !isRetracted(told, location)) {
      // The delivery before this one may have ended between tagging and publishing.
      if (delivery.receives > 1) await publish(told, true, { location, photo }, edges);
      return { status: 'skipped', because: 'duplicate' };
    }
    if (!hasRoomForOutcome(standing)) {
      const detail = `The object has ${standing.size} of ${maxTags} tags: no room for the outcome`;
      return await record(reject('tag-limit-reached', detail), { location, photo, standing }, delivery, edges);
    }
    const claim = claimed.isOwn ? claimed : await edges.claims.takeOver(claimed);
    if (claim.record.attempt > 1) delivery.summary.attempt = claim.record.attempt;
    return await settle({ location, photo, standing, claim }, delivery, edges);
  } finally {
    photo.discard();
  }
}

const noTags: TagSet = new Map();

/** @throws what either of the two reports, once neither is under way. */
async function claimAndOpen(
  location: PhotoLocation,
  { claims, photos }: PhotoEdges,
): Promise<[ClaimAttempt, OpenPhoto | AbsentPhoto]> {
  const [claiming, opening] = await Promise.allSettled([claims.claim(location), photos.open(location)]);
  if (claiming.status === 'rejected') {
    if (opening.status === 'fulfilled' && typeof opening.value === 'object') opening.value.discard();
    throw claiming.reason;
  }
  if (opening.status === 'rejected') {
    // Should this fail too, the lease ends by itself.
    if (claiming.value.isOwn) await claims.release(claiming.value).catch(() => undefined);
    throw opening.reason;
  }
  return [claiming.value, opening.value];
}

/** CopyObject copies tags too: an outcome on a copy that nobody ever claimed is that of its source. */
function isCopiedOutcome({ isCopy }: PhotoLocation, { isOwn }: ClaimAttempt): boolean {
  return isCopy && isOwn;
}

/** What was uploaded can't be taken back, nor a rejection for another reason than the one that was named. */
function isRetracted(told: Outcome, { retractedRejection }: PhotoLocation): boolean {
  return retractedRejection !== undefined && told.status === 'rejected' && told.reason === retractedRejection;
}

/** A photo, and the tags that stand on it. */
interface TaggedPhoto {
  readonly location: PhotoLocation;
  readonly photo: OpenPhoto;
  readonly standing: TagSet | 'gone';
}

/** A photo that is one's own to settle. */
interface ClaimedPhoto extends TaggedPhoto {
  readonly standing: TagSet;
  readonly claim: Claim;
}

/** Finds the outcome and records it; gives the claim back when either fails. */
async function settle(claimed: ClaimedPhoto, delivery: Delivery, edges: PhotoEdges): Promise<Outcome> {
  const { location, photo, claim } = claimed;
  let livePhotoId = claim.record.livePhotoId;
  try {
    const { outcome, standing } = await findOutcome(claimed, delivery, edges);
    if (outcome.status === 'uploaded') livePhotoId = outcome.livePhotoId;
    const latest = standing ?? (await edges.photos.readTags(location));
    await record(outcome, { location, photo, standing: latest }, delivery, edges);
    // The tags would have been the proof; a claim that knows the live photo stands in for them.
    if (delivery.summary.isTagged === false && livePhotoId !== undefined) {
      await edges.claims.endLease(claim, livePhotoId).catch(() => undefined);
    }
    // A rejection may be taken back: whoever comes then need not wait for a lease that nobody uses.
    if (outcome.status === 'rejected') await edges.claims.endLease(claim).catch(() => undefined);
    return outcome;
  } catch (error) {
    const mayBeThere = livePhotoId !== undefined || error instanceof UploadUnknownError || claim.record.attempt > 1;
    const givingBack = mayBeThere ? edges.claims.endLease(claim, livePhotoId) : edges.claims.release(claim);
    // Should this fail too, the lease ends by itself, and the next delivery looks for the live photo.
    await givingBack.catch(() => undefined);
    throw error;
  }
}

/** An outcome, and the tags that stand beside it as far as they are known. */
interface FoundOutcome {
  readonly outcome: Outcome;
  readonly standing?: TagSet | 'gone' | undefined;
}

async function findOutcome(claimed: ClaimedPhoto, delivery: Delivery, edges: PhotoEdges): Promise<FoundOutcome> {
  const { location, photo, standing, claim } = claimed;
  const { record: claimRecord } = claim;
  if (claimRecord.livePhotoId !== undefined) return { outcome: uploaded(claimRecord.livePhotoId) };

  const prepared = await prepare(photo, edges.performLivenessCheck);
  if (isRejected(prepared)) return { outcome: prepared, standing };
  const { request, image } = prepared;
  if (claimRecord.attempt > 1) {
    const fault = await image.fault();
    if (fault !== undefined) return { outcome: fault, standing };
    const whole = await image.until(image.length);
    const attempt = { clientId: request.clientId, image: whole, claimedAtMs: Date.parse(claimRecord.claimedAt) };
    const livePhotoId = await findEarlierLivePhoto(attempt, delivery, edges);
    delivery.summary.reconciled = livePhotoId === undefined ? 'not-found' : 'adopted';
    if (livePhotoId !== undefined) return { outcome: uploaded(livePhotoId) };
  }
  const [uploading, rereading] = await Promise.allSettled([
    upload(request, image, delivery, edges),
    edges.photos.readTags(location),
  ]);
  if (uploading.status === 'rejected') throw uploading.reason;
  return { outcome: uploading.value, standing: rereading.status === 'fulfilled' ? rereading.value : undefined };
}

/** From this size on sending a photo while it arrives is faster by more than the checks after its arrival take. */
const sentWhileArrivingBytes = 256 * 1024;

/**
 * Checks what can be checked before the upload, the cheap checks first: a photo whose headers are at fault is not read, and
 * of a large one just the start is waited for.
 */
async function prepare(
  photo: OpenPhoto,
  performLivenessCheck: boolean | undefined,
): Promise<{ request: LivePhotoRequest; image: ArrivingImage } | Rejected> {
  const request = validateSize(photo.bytes) ?? parseMetadata(photo.metadata, performLivenessCheck);
  if (isRejected(request)) return request;
  const image = photo.read();
  const fault =
    image.length < sentWhileArrivingBytes ? await image.fault() : validateSignature(await image.until(signatureBytes));
  return fault ?? { request, image };
}

async function upload(
  request: LivePhotoRequest,
  image: ArrivingImage,
  delivery: Delivery,
  edges: PhotoEdges,
): Promise<Uploaded | Rejected> {
  const send = edges.complyCube.uploadLivePhoto.bind(edges.complyCube, request, image);
  const answer = await callAuthorized(send, edges, delivery);
  // Whatever ComplyCube made of it: a photo at fault is rejected, one that can't be read is tried again.
  const fault = await image.fault();
  if (fault !== undefined) return fault;
  const verdict = judgeUpload(answer, { clientId: request.clientId, receives: delivery.receives });
  if (verdict instanceof Error) throw verdict;
  return verdict;
}

/** Writes an outcome onto its object, where that stands and has room for it, and publishes it. */
async function record(
  outcome: Outcome,
  { location, photo, standing }: TaggedPhoto,
  { summary }: Delivery,
  edges: PhotoEdges,
): Promise<Outcome> {
  const isTaggable = standing !== 'gone' && hasRoomForOutcome(standing);
  const [writing, publishing] = await Promise.allSettled([
    isTaggable ? edges.photos.writeTags(location, mergeTags(standing, outcome)) : 'not taggable',
    publish(outcome, isTaggable, { location, photo }, edges),
  ]);
  if (writing.status === 'rejected') throw writing.reason;
  if (publishing.status === 'rejected') throw publishing.reason;
  summary.isTagged = writing.value === 'written';
  if (writing.value === 'gone') await publish(outcome, false, { location, photo }, edges);
  return outcome;
}

function publish(
  outcome: Outcome,
  isTagged: boolean,
  { location, photo }: Omit<TaggedPhoto, 'standing'>,
  { events }: PhotoEdges,
): Promise<void> {
  const clientId = photo.metadata[metadataNames.clientId];
  const isWellFormed = clientId !== undefined && isClientId(clientId);
  return events.publish({ location, clientId: isWellFormed ? clientId : undefined, outcome, isTagged });
}

function uploaded(livePhotoId: string): Uploaded {
  return { status: 'uploaded', livePhotoId };
}
