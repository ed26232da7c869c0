import { objectHash } from '../../contract/object-hash';
import { hasRoomForErased, mergeTags } from '../../contract/outcome-tags';
import type { ErasureRecords } from '../aws/erasure-records';
import type { OutcomeEvents } from '../aws/outcome-events';
import type { PhotoStore } from '../aws/photo-store';
import type { SentErasure } from './erasure-claim';
import type { DatedResult, ErasureWork } from './find-result';
import type { ExistingVersion } from './plan-erasure';

/** The dependencies of {@link finishErasure}. */
export interface FinishDeps {
  readonly photos: Pick<PhotoStore, 'readTags' | 'writeTags'>;
  readonly erasureRecords: Pick<ErasureRecords, 'keep' | 'bury'>;
  readonly events: Pick<OutcomeEvents, 'publishErased'>;
}

/** Everything after ComplyCube's part. All of it can be repeated. */
export async function finishErasure(
  request: SentErasure,
  version: ExistingVersion | 'gone',
  { claim, delivery, result }: ErasureWork & { readonly result: DatedResult },
  deps: FinishDeps,
): Promise<void> {
  const { signal, summary } = delivery;
  const { requestId, requestedAt, requestedBy, deleting } = claim.progress;
  const { bucket, key, versionId, eTag } = request;
  const { erasedAt, outcome } = result;
  await deps.erasureRecords.keep(
    { ...{ requestId, requestedAt, requestedBy, bucket, versionId, eTag }, keyHash: objectHash(request), ...result },
    { key },
    signal,
  );
  if (outcome === 'refused') {
    // A later request finds the live photo here, also if no tag names it.
    await claim.save({ isDone: true }, { livePhotoId: deleting?.at(-1) });
    return;
  }
  await deps.erasureRecords.bury(request, erasedAt, signal);
  summary.isTagged = version !== 'gone' && (await tagErased(request, signal, deps));
  await deps.events.publishErased(request, { erasure: outcome, requestId }, signal);
  await claim.save({ isDone: true, deleting: undefined }, { livePhotoId: undefined });
}

/** Writing replaces the whole tag set, so the tags are read immediately before. @returns whether the version is tagged. */
async function tagErased(
  request: SentErasure,
  signal: AbortSignal,
  { photos }: Pick<FinishDeps, 'photos'>,
): Promise<boolean> {
  const tags = await photos.readTags(request, signal);
  if (tags === 'gone' || !hasRoomForErased(tags)) return false;
  signal.throwIfAborted();
  return (await photos.writeTags(request, mergeTags(tags, { status: 'erased' }), signal)) === 'written';
}
