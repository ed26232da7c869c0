import { toIso } from '../../contract/claim-record';
import type { ErasureProgress } from '../../contract/erasure-progress';
import type { ErasureResult } from '../../contract/erasure-record';
import type { ListedLivePhoto } from '../../contract/inquiry';
import type { Clock } from '../clock';
import type { ComplyCubeDeps } from '../complycube/authorized-call';
import type { Delivery } from '../delivery';
import { RetryLaterError } from '../retry-later-error';
import { DeadLetterError } from './dead-letter-error';
import { deleteLivePhoto } from './delete-live-photo';
import type { ErasureClaim, SentErasure } from './erasure-claim';
import { type ErasurePlan, type ExistingVersion, isOwnByTime, planErasure } from './plan-erasure';
import { type SearchDeps, searchLivePhoto } from './search-live-photo';

/** The dependencies of {@link findResult}. */
export type ResultDeps = ComplyCubeDeps<'readLivePhoto' | 'deleteLivePhoto'> &
  SearchDeps & { readonly clock: Pick<Clock, 'now'> };

/** A delivery of an erasure that has begun. */
export interface ErasureWork {
  readonly claim: ErasureClaim;
  readonly delivery: Delivery;
}

/** ComplyCube's part of an erasure, and when it was done. */
export type DatedResult = NonNullable<ErasureProgress['result']>;

/** @returns the result in the claim, or ComplyCube's. @throws RetryLaterError `erasure-waits` before the second look. */
export async function findResult(
  request: SentErasure,
  version: ExistingVersion | 'gone',
  work: ErasureWork,
  deps: ResultDeps,
): Promise<DatedResult> {
  const { claim } = work;
  const nowMs = deps.clock.now();
  const { result: first, lookAgainAt } = claim.progress;
  if (first !== undefined) {
    if (lookAgainAt === undefined) return first;
    ensurePassed(lookAgainAt, nowMs);
    // Nothing is left to compare with. The first look has deleted the live photo of the only upload.
    if (version === 'gone' && first.outcome === 'deleted') return first;
  }
  const latest = await look(request, version, work, deps);
  const isNews = first?.outcome !== 'deleted' || latest.outcome === 'refused';
  const result = { ...(isNews ? latest : first), erasedAt: toIso(nowMs) };
  const isCertain = lookAgainAt === undefined || first !== undefined || result.outcome === 'refused';
  await claim.save({ result, ...(isCertain && { lookAgainAt: undefined }) });
  if (!isCertain) ensurePassed(lookAgainAt, nowMs);
  return result;
}

/** @throws RetryLaterError before a time. */
function ensurePassed(time: string, nowMs: number): void {
  const leftMs = Date.parse(time) - nowMs;
  if (leftMs <= 0) return;
  throw new RetryLaterError('erasure-waits', 'The erasure looks for a live photo once more', { hintMs: leftMs });
}

async function look(
  request: SentErasure,
  version: ExistingVersion | 'gone',
  work: ErasureWork,
  deps: ResultDeps,
): Promise<ErasureResult> {
  const { claim, delivery } = work;
  const plan = planErasure(version, claim.record, deps.clock.now());
  if (plan === 'none') return { outcome: 'not-found' };
  if (plan !== 'search') return deleteOwn(plan, version, work, deps);

  if (version === 'gone') throw new DeadLetterError('live-photo-unknown');
  const livePhotoId = await searchLivePhoto(request, version, { record: claim.record, delivery }, deps);
  if (livePhotoId !== undefined) return deleteOwn({ livePhotoId, isProven: true }, version, work, deps);
  // An earlier delivery may have requested a deletion, and ended before it knew the answer.
  const wasAsked = claim.progress.deleting !== undefined;
  return wasAsked ? { outcome: 'deleted', status: 404 } : { outcome: 'not-found' };
}

/** Deletes a live photo, if it is the version's own. @throws DeadLetterError when it is not certain whose live photo it is. */
function deleteOwn(
  { livePhotoId, isProven }: Extract<ErasurePlan, object>,
  version: ExistingVersion | 'gone',
  { claim, delivery }: ErasureWork,
  deps: ResultDeps,
): Promise<ErasureResult> {
  // What is gone has no client and no size to compare. Then its claim names the live photo.
  if (version === 'gone') return deleteLivePhoto({ livePhotoId, expected: undefined }, claim, delivery, deps);
  const { bytes, metadata } = version;
  const expected = { clientId: metadata[deps.metadata.clientIdMetadata] ?? '', bytes };
  const isOwn = (livePhoto: ListedLivePhoto): boolean => isProven || isOwnByTime(livePhoto, version);
  return deleteLivePhoto({ livePhotoId, expected, isOwn }, claim, delivery, deps);
}
