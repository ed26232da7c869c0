import { claimMayHaveExpired } from '../../contract/claim-record';
import type { ErasureProgress } from '../../contract/erasure-progress';
import { canBeOverwritten } from '../../contract/object-version';
import { outcomeOfTags } from '../../contract/outcome-tags';
import type { Claims } from '../aws/claims';
import type { ErasureRecords } from '../aws/erasure-records';
import type { PhotoStore } from '../aws/photo-store';
import type { Clock } from '../clock';
import type { Delivery } from '../delivery';
import { DeadLetterError } from './dead-letter-error';
import { ensureNotHeld, ErasureClaim, type SentErasure, tombstoneOf } from './erasure-claim';
import { type ExistingVersion, planErasure } from './plan-erasure';

/** The dependencies of {@link beginErasure}. */
export interface BeginDeps {
  readonly photos: Pick<PhotoStore, 'readHeaders' | 'readTags'>;
  readonly claims: Pick<Claims, 'read' | 'replace'>;
  readonly erasureRecords: Pick<ErasureRecords, 'isBuried'>;
  readonly clock: Pick<Clock, 'now'>;
  /** After this time, an erasure looks for the live photo of an upload with an unknown result once more. */
  readonly secondLookAfterMs: number;
}

/** A version that can be overwritten and has another ETag is gone. */
export async function readVersion(
  request: SentErasure,
  { signal }: Delivery,
  { photos }: BeginDeps,
): Promise<ExistingVersion | 'gone'> {
  const tags = await photos.readTags(request, signal);
  if (tags === 'gone') return 'gone';
  const headers = await photos.readHeaders(request, signal);
  if (headers !== 'other ETag') return { ...headers, tags };
  if (canBeOverwritten(request)) return 'gone';
  throw new DeadLetterError('version-mismatch');
}

/** @returns the version's tombstone. Undefined: the version was erased earlier, and its claim has expired. */
export async function beginErasure(
  request: SentErasure,
  version: ExistingVersion | 'gone',
  { signal }: Delivery,
  deps: BeginDeps,
): Promise<ErasureClaim | undefined> {
  const { claims, clock, secondLookAfterMs } = deps;
  const current = await claims.read(request, signal);
  if (current === undefined) {
    if (await wasErased(request, version, signal, deps)) return undefined;
  } else if (current.record.erasure === undefined) ensureNotHeld(current.record, clock.now());
  else if (!isToRepeat(current.record.erasure, request)) return new ErasureClaim(current, claims, signal);

  const before = current?.record;
  const nowMs = clock.now();
  const plan = planErasure(version, before, nowMs);
  const tombstone = tombstoneOf(request, before, { plan, nowMs, secondLookAfterMs });
  return new ErasureClaim(await claims.replace(tombstone, current?.claimETag, signal), claims, signal);
}

async function wasErased(
  request: SentErasure,
  version: ExistingVersion | 'gone',
  signal: AbortSignal,
  { clock, erasureRecords }: BeginDeps,
): Promise<boolean> {
  if (version !== 'gone') {
    if (outcomeOfTags(version.tags)?.status === 'erased') return true;
    if (!claimMayHaveExpired(version.createdAtMs, clock.now())) return false;
  }
  return erasureRecords.isBuried(request, signal);
}

/** An erasure that ComplyCube refused is tried again for another request. */
function isToRepeat({ isDone, result, requestId }: ErasureProgress, request: SentErasure): boolean {
  return isDone === true && result?.outcome === 'refused' && requestId !== request.requestId;
}
