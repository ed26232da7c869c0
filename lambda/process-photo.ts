import type { AcceptedUploads } from './aws/accepted-uploads';
import type { ArrivingImage } from './photo/arriving-image';
import type { Answer, LivePhoto } from './complycube/answer';
import { callAuthorized, type ComplyCubeDeps } from './complycube/authorized-call';
import type { CallOptions } from './complycube/complycube';
import type { Claims } from './aws/claims';
import { claimMayHaveExpired } from '../contract/claim-record';
import { type CountDeps, countRefusal } from './photo/count-refusal';
import type { Delivery } from './delivery';
import type { ErasureRecords } from './aws/erasure-records';
import { HeldClaim } from './photo/held-claim';
import { signatureBytes, validateSignature } from '../contract/image/image';
import {
  isClientId,
  isMarkedToSkip,
  type LivePhotoRequest,
  type MetadataSettings,
  parseMetadata,
  validateSize,
} from '../contract/photo-rules';
import type { PhotoLocation } from '../contract/object-events';
import {
  isRejected,
  reject,
  type Rejected,
  type Skipped,
  type Uploaded,
  type UploadOutcome,
} from '../contract/outcome';
import type { OutcomeEvents } from './aws/outcome-events';
import type { OpenPhoto, PhotoStore } from './aws/photo-store';
import {
  hasRoomForOutcome,
  maxTags,
  mergeTags,
  outcomeOfTags,
  type TaggedUploadOutcome,
  type TagSet,
} from '../contract/outcome-tags';
import { findEarlierLivePhoto } from './complycube/reconcile';
import { CountedRefusalError, RetryLaterError } from './retry-later-error';
import { judgeUpload } from './verdict';

/** The dependencies of {@link processPhoto}. */
export interface PhotoDeps extends ComplyCubeDeps, CountDeps {
  readonly photos: Pick<PhotoStore, 'open' | 'readTags' | 'writeTags'>;
  readonly claims: Pick<Claims, 'claim' | 'takeOver'>;
  readonly acceptedUploads: Pick<AcceptedUploads, 'note' | 'hasAcceptedSince'>;
  readonly erasureRecords: Pick<ErasureRecords, 'isBuried'>;
  readonly events: Pick<OutcomeEvents, 'publish'>;
  readonly metadata: MetadataSettings;
  /** Only photo objects whose key begins with one of these are processed. The empty text is the beginning of every key. */
  readonly keyPrefixes: readonly string[];
}

/**
 * Uploads one photo object to ComplyCube, tags the object with the outcome, and publishes the outcome.
 *
 * 1. Check the key. Claim the object's version and open the object, in parallel. Its headers give size, metadata and number of tags.
 * 2. Skip it if it is gone, a folder marker, marked by the app, or erased. If its tags already contain an outcome, publish that again and
 *    skip the object.
 * 3. Retry later if another delivery holds the claim. Take over the claim if its lease has expired.
 * 4. Reject the photo if its headers or its bytes are at fault. Headers come first.
 * 5. If an earlier attempt may have reached ComplyCube, look for its live photo. If there is none, upload.
 * 6. Read the tags again, because others may have changed them. Add the outcome's tags, which prove that the photo is done, and
 *    publish the outcome, in parallel.
 *
 * On any failure the claim is released: deleted if ComplyCube certainly has no live photo, otherwise kept for the next delivery.
 * @returns the outcome, or why there was nothing to do. The message is acknowledged.
 * @throws any error. The message is retried.
 */
export async function processPhoto(
  location: PhotoLocation,
  delivery: Delivery,
  deps: PhotoDeps,
): Promise<UploadOutcome | Skipped> {
  delivery.gate.check();
  checkKey(location, deps);
  const { signal, summary } = delivery;
  const [claiming, opening] = await Promise.allSettled([
    deps.claims.claim(location, signal),
    deps.photos.open(location, signal),
  ]);
  const photo = opening.status === 'fulfilled' && typeof opening.value === 'object' ? opening.value : undefined;
  let claim = claiming.status === 'fulfilled' && claiming.value instanceof HeldClaim ? claiming.value : undefined;
  try {
    if (claiming.status === 'rejected') throw claiming.reason;
    if (claiming.value.record.erasure !== undefined) return await skip('erased', claim);
    if (opening.status === 'rejected') throw opening.reason;
    if (photo === undefined) return await skip(opening.value as 'gone' | 'overwritten', claim);
    if (photo.bytes === 0 && location.key.endsWith('/')) return await skip('folder-marker', claim);
    if (isMarkedToSkip(photo.metadata)) return await skip('marked', claim);
    summary.bytes = photo.bytes;

    const tags = photo.tagCount === 0 ? noTags : await deps.photos.readTags(location, signal);
    if (tags === 'gone') return await skip('gone', claim);
    const known = outcomeOfTags(tags);
    // Also for a copy: nobody copies an erased photo by accident.
    if (known?.status === 'erased') return await skip('erased', claim);
    if (known !== undefined && isOwn(known, location, claiming.value.record) && !isRetracted(known, location)) {
      // The earlier delivery may have stopped between tagging and publishing.
      await publish(withDetail(known), true, { location, photo }, delivery, deps);
      return await skip('duplicate', claim);
    }
    claim ??= await deps.claims.takeOver(claiming.value as Exclude<typeof claiming.value, HeldClaim>, signal);
    // The claim may be new because the erased version's claim has expired.
    const isOld = claimMayHaveExpired(photo.createdAtMs, deps.clock.now());
    if (isOld && (await deps.erasureRecords.isBuried(location, signal))) return await skip('erased', claim);
    // The delivery that rejected the photo may have failed to clear its counts.
    if (location.retractedRejection !== undefined) claim.dropRefusalsBefore(Date.parse(location.eventTime));
    if (claim.record.attempt > 1) summary.attempt = claim.record.attempt;
    const claimed = { location, photo, tags, claim };
    const found = await findOutcome(claimed, delivery, deps);
    const { outcome } = found;
    await record({ ...claimed, ...found }, delivery, deps);
    // CopyObject copies tags, so a copy's tags prove nothing. Only its claim does.
    await claim.finish(outcome, summary.isTagged === true && !location.isCopy);
    return outcome;
  } catch (error) {
    await claim?.release(error);
    throw error;
  } finally {
    photo?.discard();
  }
}

/**
 * The role allows no other keys. Such a photo arrived before the stack's prefixes were changed, or while they change: the bucket
 * may already send events of a new prefix to a function that does not know it yet. So the photo is retried.
 */
function checkKey({ key }: PhotoLocation, { keyPrefixes }: PhotoDeps): void {
  if (keyPrefixes.some((prefix) => key.startsWith(prefix))) return;
  throw new RetryLaterError('outside-key-prefixes', 'The key begins with none of the key prefixes of the stack');
}

const noTags: TagSet = new Map();

async function skip(because: Skipped['because'], claim: HeldClaim | undefined): Promise<Skipped> {
  await claim?.release();
  return { status: 'skipped', because };
}

/** CopyObject also copies tags. A copy's tags count only if its claim names the same live photo. */
function isOwn(
  known: TaggedUploadOutcome,
  { isCopy }: PhotoLocation,
  record: { readonly livePhotoId?: string | undefined },
): boolean {
  return !isCopy || (known.status === 'uploaded' && known.livePhotoId === record.livePhotoId);
}

/** Every rejection that is published has a detail. */
function withDetail(known: TaggedUploadOutcome): UploadOutcome {
  return known.status === 'rejected' ? { detail: 'The details are in the log', ...known } : known;
}

/** Only a rejection can be retracted, and only if its reason is the named one. */
function isRetracted(known: TaggedUploadOutcome, { retractedRejection }: PhotoLocation): boolean {
  return retractedRejection !== undefined && known.status === 'rejected' && known.reason === retractedRejection;
}

/** A photo whose claim this delivery holds. */
interface ClaimedPhoto {
  readonly location: PhotoLocation;
  readonly photo: OpenPhoto;
  /** Its tags when it was opened. */
  readonly tags: TagSet;
  readonly claim: HeldClaim;
}

interface FoundOutcome {
  readonly outcome: UploadOutcome;
  /** Whether ComplyCube accepted the photo in this delivery. */
  readonly isAccepted?: boolean;
}

async function findOutcome(claimed: ClaimedPhoto, delivery: Delivery, deps: PhotoDeps): Promise<FoundOutcome> {
  const { photo, tags, claim } = claimed;
  if (claim.livePhotoId !== undefined) return { outcome: uploaded(claim.livePhotoId) };

  const prepared = await prepare(photo, deps.metadata);
  if (isRejected(prepared)) return { outcome: prepared };
  const { request, image } = prepared;
  if (claim.mustReconcile) {
    const fault = await image.fault();
    if (fault !== undefined) return { outcome: fault };
    const attempt = {
      clientId: request.clientId,
      image: await image.until(image.length),
      claimedAtMs: Date.parse(claim.record.claimedAt),
    };
    claim.livePhotoId = await findEarlierLivePhoto(attempt, delivery, deps);
    delivery.summary.reconciled = claim.livePhotoId === undefined ? 'not-found' : 'adopted';
    if (claim.livePhotoId !== undefined) return { outcome: uploaded(claim.livePhotoId) };
  }
  if (!hasRoomForOutcome(tags)) {
    const detail = `The object has ${tags.size} of ${maxTags} tags: no room for the outcome`;
    return { outcome: reject('tag-limit-reached', detail) };
  }
  const outcome = await upload(request, image, { photo, claim, delivery }, deps);
  if (outcome.status === 'uploaded') claim.livePhotoId = outcome.livePhotoId;
  return { outcome, isAccepted: outcome.status === 'uploaded' };
}

/** From this size on, a photo is sent while it arrives. Smaller ones are faster when checked first. */
const sentWhileArrivingBytes = 256 * 1024;

/**
 * Checks the photo before the upload, cheap checks first. If the headers are at fault, the body is not read. Of a large photo, only
 * the first bytes are checked here; the rest is checked while it is sent.
 */
async function prepare(
  photo: OpenPhoto,
  settings: MetadataSettings,
): Promise<{ request: LivePhotoRequest; image: ArrivingImage } | Rejected> {
  const request = validateSize(photo.bytes) ?? parseMetadata(photo.metadata, settings);
  if (isRejected(request)) return request;
  const image = photo.read();
  const fault =
    image.length < sentWhileArrivingBytes ? await image.fault() : validateSignature(await image.until(signatureBytes));
  return fault ?? { request, image };
}

async function upload(
  request: LivePhotoRequest,
  image: ArrivingImage,
  { photo, claim, delivery }: Pick<ClaimedPhoto, 'photo' | 'claim'> & { readonly delivery: Delivery },
  deps: PhotoDeps,
): Promise<Uploaded | Rejected> {
  const gate = {
    pass: () => {
      delivery.gate.pass();
      claim.ensureLease();
    },
  };
  let sent = image;
  const send = async (options: CallOptions): Promise<Answer<LivePhoto>> => {
    // The second call, with a new API key, needs the bytes again.
    if (sent.isReleased) sent = await photo.readAgain();
    return deps.complyCube.uploadLivePhoto(request, sent, options);
  };
  const answer = await callAuthorized(send, deps, { ...delivery, gate });
  // The request of a damaged photo is never completed. `fault` throws if the photo could not be read.
  const fault = await sent.fault();
  if (fault !== undefined) return fault;
  const verdict = judgeUpload(answer, request.clientId);
  if (verdict instanceof CountedRefusalError) return await countRefusal(verdict, claim, delivery, deps);
  if (verdict instanceof Error) throw verdict;
  return verdict;
}

/**
 * Tags the object with the outcome, if it still exists and has room, and publishes the outcome. Writing replaces the whole tag
 * set, so the tags are read immediately before.
 */
async function record(
  { location, photo, claim, outcome, isAccepted }: ClaimedPhoto & FoundOutcome,
  delivery: Delivery,
  deps: PhotoDeps,
): Promise<void> {
  const { signal, summary } = delivery;
  const tags = await deps.photos.readTags(location, signal);
  const isTaggable = tags !== 'gone' && hasRoomForOutcome(tags);
  signal.throwIfAborted();
  claim.ensureLease();
  const [writing, publishing] = await Promise.allSettled([
    isTaggable ? deps.photos.writeTags(location, mergeTags(tags, outcome), signal) : undefined,
    publish(outcome, isTaggable, { location, photo }, delivery, deps),
    isAccepted === true ? deps.acceptedUploads.note() : undefined,
  ]);
  if (writing.status === 'rejected') throw writing.reason;
  if (publishing.status === 'rejected') throw publishing.reason;
  summary.isTagged = writing.value === 'written';
  if (writing.value === 'gone') await publish(outcome, false, { location, photo }, delivery, deps);
}

function publish(
  outcome: UploadOutcome,
  isTagged: boolean,
  { location, photo }: Pick<ClaimedPhoto, 'location' | 'photo'>,
  { signal }: Delivery,
  { events, metadata }: PhotoDeps,
): Promise<void> {
  const clientId = photo.metadata[metadata.clientIdMetadata];
  const isWellFormed = clientId !== undefined && isClientId(clientId);
  return events.publish({ location, clientId: isWellFormed ? clientId : undefined, outcome, isTagged }, signal);
}

function uploaded(livePhotoId: string): Uploaded {
  return { status: 'uploaded', livePhotoId };
}
