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
 * 2. Skip it when it is gone, or when its tags tell an outcome that stands.
 * 3. Let it wait when another delivery holds the claim; take the claim over when its lease has ended.
 * 4. Reject what the headers show to be at fault, then what the bytes do.
 * 5. After an earlier attempt, look for its live photo; else, where an outcome's tags would fit, upload, and read the standing
 *    tags again meanwhile.
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
    const standing = photo.tagCount === 0 ? noTags : await orRelease(edges.photos.readTags(location), claimed, edges);
    if (standing === 'gone') return { status: 'skipped', because: 'gone' };
    const told = toldOutcome(standing);
    if (told !== undefined && !isCopied(told, location, claimed) && !isRetracted(told, location)) {
      // The delivery before this one may have ended between tagging and publishing, if only in the dead-letter queue.
      await orRelease(publish(told, true, { location, photo }, edges), claimed, edges);
      return { status: 'skipped', because: 'duplicate' };
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

/** Gives an own claim back when what is done before anything is sent fails. */
async function orRelease<T>(work: Promise<T>, claimed: ClaimAttempt, { claims }: PhotoEdges): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (claimed.isOwn) await claims.release(claimed).catch(() => undefined);
    throw error;
  }
}

/** CopyObject copies tags too: those on a copy may be its source's, unless its own claim knows the same live photo. */
function isCopied(told: Outcome, { isCopy }: PhotoLocation, { record }: ClaimAttempt): boolean {
  return isCopy && (told.status === 'rejected' || told.livePhotoId !== record.livePhotoId);
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
    // The tags are the proof, but a copy's may be its source's: a claim that knows the live photo stands in for them. A rejection
    // may be taken back: whoever comes then need not wait for the lease.
    const isProof = outcome.status === 'uploaded' && delivery.summary.isTagged === true && !location.isCopy;
    if (!isProof) await giveBack(claim, { livePhotoId, isMaybeUploaded: false }, edges);
    return outcome;
  } catch (error) {
    await giveBack(claim, { livePhotoId, isMaybeUploaded: error instanceof UploadUnknownError }, edges);
    throw error;
  }
}

/** Should this fail, the lease ends by itself, and the next delivery looks for the live photo. */
async function giveBack(
  claim: Claim,
  { livePhotoId, isMaybeUploaded }: { readonly livePhotoId: string | undefined; readonly isMaybeUploaded: boolean },
  { claims }: PhotoEdges,
): Promise<void> {
  const isToBeLookedFor = livePhotoId !== undefined || isMaybeUploaded || claim.record.attempt > 1;
  const givingBack = isToBeLookedFor ? claims.endLease(claim, livePhotoId) : claims.release(claim);
  await givingBack.catch(() => undefined);
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
  if (!hasRoomForOutcome(standing)) {
    const detail = `The object has ${standing.size} of ${maxTags} tags: no room for the outcome`;
    return { outcome: reject('tag-limit-reached', detail), standing };
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
