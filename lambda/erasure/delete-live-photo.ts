import type { ErasureResult } from '../../contract/erasure-record';
import type { ListedLivePhoto } from '../../contract/inquiry';
import type { Answer } from '../complycube/answer';
import { callAuthorized, type ComplyCubeDeps } from '../complycube/authorized-call';
import type { ExpectedLivePhoto } from '../complycube/parse-answer';
import type { Delivery } from '../delivery';
import { UploadUnknownError } from '../retry-later-error';
import { judgeFailure } from '../verdict';
import { judgeDeletion, saysLivePhotoIsUnknown } from './judge-deletion';

/** A live photo to delete. */
export interface LivePhotoToDelete {
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
 * If ComplyCube does not find it for the deletion, it is read again.
 * @returns what ComplyCube answered.
 * @throws RetryLaterError for every unknown answer.
 */
export async function deleteLivePhoto(
  { livePhotoId, expected, isOwn = () => true }: LivePhotoToDelete,
  asked: AskedDeletions,
  delivery: Delivery,
  deps: ComplyCubeDeps<'readLivePhoto' | 'deleteLivePhoto'>,
): Promise<ErasureResult> {
  const { complyCube } = deps;
  const clientId = expected?.clientId ?? '';
  const read = (): Promise<Answer<ListedLivePhoto>> =>
    callAuthorized((options) => complyCube.readLivePhoto(livePhotoId, options, expected), deps, delivery);
  const absent = (): ErasureResult => ({ outcome: asked.wasAsked(livePhotoId) ? 'deleted' : 'not-found', status: 404 });
  const before = await read();
  if (before.kind === 'refused' && saysLivePhotoIsUnknown(before)) return absent();
  if (before.kind !== 'accepted') throw judgeFailure(before, clientId);
  if (!isOwn(before.value)) return { outcome: 'not-found' };

  if (!asked.wasAsked(livePhotoId)) await asked.noteAsked(livePhotoId);
  const answer = await callAuthorized((options) => complyCube.deleteLivePhoto(livePhotoId, options), deps, delivery);
  const verdict = judgeDeletion(answer, clientId);
  if (verdict instanceof Error) throw verdict;
  if (verdict.outcome !== 'not-found') return verdict;
  // ComplyCube has just had it. Without a second 404, the evidence could say that an existing live photo is deleted.
  const after = await read();
  if (after.kind === 'refused' && saysLivePhotoIsUnknown(after)) return absent();
  if (after.kind !== 'accepted') throw judgeFailure(after, clientId);
  throw new UploadUnknownError('ComplyCube has the live photo, but answers 404 to its deletion');
}
