import type { ErasureResult } from '../../contract/erasure-record';
import type { ListedLivePhoto } from '../../contract/inquiry';
import { callAuthorized, type ComplyCubeDeps } from '../complycube/authorized-call';
import type { ExpectedLivePhoto } from '../complycube/parse-answer';
import type { Delivery } from '../delivery';
import { judgeFailure } from '../verdict';
import { judgeDeletion, saysLivePhotoIsUnknown } from './judge-deletion';

/** A live photo to delete. */
export interface DoomedLivePhoto {
  readonly livePhotoId: string;
  /** The client and size that it must have. Undefined: they are unknown. */
  readonly expected: ExpectedLivePhoto | undefined;
  /** Whether it must be deleted, by what ComplyCube says about it. Default: always. */
  readonly isOwn?: (livePhoto: ListedLivePhoto) => boolean;
}

/** The live photos whose deletion was requested. They are stored for the next delivery. */
export interface AskedDeletions {
  wasAsked(livePhotoId: string): boolean;
  noteAsked(livePhotoId: string): Promise<void>;
}

/**
 * Deletes a live photo at ComplyCube, after it has read it: it must have the client and size that are expected.
 *
 * Before the deletion, it notes the live photo. If the answer is lost and the live photo is gone afterwards, this is a deletion.
 * @returns what ComplyCube answered.
 * @throws RetryLaterError for every unknown answer.
 */
export async function deleteLivePhoto(
  { livePhotoId, expected, isOwn = () => true }: DoomedLivePhoto,
  asked: AskedDeletions,
  delivery: Delivery,
  deps: ComplyCubeDeps<'readLivePhoto' | 'deleteLivePhoto'>,
): Promise<ErasureResult> {
  const { complyCube } = deps;
  const clientId = expected?.clientId ?? '';
  const read = await callAuthorized(
    (options) => complyCube.readLivePhoto(livePhotoId, options, expected),
    deps,
    delivery,
  );
  const absent = (): ErasureResult => ({ outcome: asked.wasAsked(livePhotoId) ? 'deleted' : 'not-found', status: 404 });
  if (read.kind === 'refused' && saysLivePhotoIsUnknown(read)) return absent();
  if (read.kind !== 'accepted') throw judgeFailure(read, clientId);
  if (!isOwn(read.value)) return { outcome: 'not-found' };

  if (!asked.wasAsked(livePhotoId)) await asked.noteAsked(livePhotoId);
  const answer = await callAuthorized((options) => complyCube.deleteLivePhoto(livePhotoId, options), deps, delivery);
  const verdict = judgeDeletion(answer, clientId);
  if (verdict instanceof Error) throw verdict;
  return verdict.outcome === 'not-found' ? absent() : verdict;
}
