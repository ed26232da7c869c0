import type { ErasureResult } from '../../contract/erasure-record';
import type { MetadataSettings } from '../../contract/photo-rules';
import { callAuthorized, type ComplyCubeDeps } from '../complycube/authorized-call';
import type { Delivery } from '../delivery';
import { judgeFailure } from '../verdict';
import type { ErasureClaim } from './erasure-claim';
import { judgeDeletion, saysLivePhotoIsUnknown } from './judge-deletion';
import { type ErasurePlan, type ExistingVersion, isOwnByTime } from './plan-erasure';

/** The dependencies of {@link deleteLivePhoto}. */
export type DeletionDeps = ComplyCubeDeps<'readLivePhoto' | 'deleteLivePhoto'> & {
  readonly metadata: Pick<MetadataSettings, 'clientIdMetadata'>;
};

/**
 * Deletes a version's live photo at ComplyCube, if it is the version's own. It must have the object's client and size.
 *
 * Before the deletion, the claim notes the live photo. If the answer is lost and the live photo is gone afterwards, this is a deletion.
 * @returns what ComplyCube answered.
 * @throws RetryLaterError for every unknown answer; DeadLetterError when it is not certain whose live photo it is.
 */
export async function deleteLivePhoto(
  { livePhotoId, isProven }: Extract<ErasurePlan, object>,
  version: ExistingVersion | 'gone',
  { claim, delivery }: { readonly claim: ErasureClaim; readonly delivery: Delivery },
  deps: DeletionDeps,
): Promise<ErasureResult> {
  const { complyCube, metadata: settings } = deps;
  // What is gone has no client and no size to compare. Then its claim names the live photo.
  const expected = version === 'gone' ? undefined : expectedOf(version, settings);
  const clientId = expected?.clientId ?? '';
  const read = await callAuthorized(
    (options) => complyCube.readLivePhoto(livePhotoId, options, expected),
    deps,
    delivery,
  );
  const wasAsked = (): boolean => claim.progress.deleting?.includes(livePhotoId) === true;
  const absent = (): ErasureResult => ({ outcome: wasAsked() ? 'deleted' : 'not-found', status: 404 });
  if (read.kind === 'refused' && saysLivePhotoIsUnknown(read)) return absent();
  if (read.kind !== 'accepted') throw judgeFailure(read, clientId);
  if (!isProven && version !== 'gone' && !isOwnByTime(read.value, version)) return { outcome: 'not-found' };

  if (!wasAsked()) await claim.save({ deleting: [...(claim.progress.deleting ?? []), livePhotoId] });
  const answer = await callAuthorized((options) => complyCube.deleteLivePhoto(livePhotoId, options), deps, delivery);
  const verdict = judgeDeletion(answer, clientId);
  if (verdict instanceof Error) throw verdict;
  return verdict.outcome === 'not-found' ? absent() : verdict;
}

function expectedOf(
  { bytes, metadata }: ExistingVersion,
  { clientIdMetadata }: DeletionDeps['metadata'],
): { readonly clientId: string; readonly bytes: number } {
  return { clientId: metadata[clientIdMetadata] ?? '', bytes };
}
