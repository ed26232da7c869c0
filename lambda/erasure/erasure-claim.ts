import { type Claim, type ClaimRecord, toIso } from '../../contract/claim-record';
import type { ErasureRequest } from '../../contract/erasure-message';
import { type ErasureProgress, neverEndingLease } from '../../contract/erasure-progress';
import type { Claims } from '../aws/claims';
import { RetryLaterError } from '../retry-later-error';
import type { AskedDeletions } from './delete-live-photo';
import type { ErasurePlan } from './plan-erasure';

/** A request with SQS's `SenderId`. */
export interface SentErasure extends ErasureRequest {
  readonly requestedBy: string;
}

/** The claim of a version whose erasure has begun: the version's tombstone. Of two deliveries that change it, one is retried. */
export class ErasureClaim implements AskedDeletions {
  constructor(
    private claim: Claim,
    private readonly claims: Pick<Claims, 'replace'>,
    private readonly signal: AbortSignal,
  ) {}

  get record(): ClaimRecord {
    return this.claim.record;
  }

  get progress(): ErasureProgress {
    const { erasure } = this.claim.record;
    if (erasure === undefined) throw new Error('The claim has no erasure');
    return erasure;
  }

  wasAsked(livePhotoId: string): boolean {
    return this.progress.deleting?.includes(livePhotoId) === true;
  }

  noteAsked(livePhotoId: string): Promise<void> {
    return this.save({ deleting: [...(this.progress.deleting ?? []), livePhotoId] });
  }

  /** @throws RetryLaterError `claim-held` when another delivery has changed the claim. */
  async save(changes: Partial<ErasureProgress>, more: Partial<ClaimRecord> = {}): Promise<void> {
    const { record, claimETag } = this.claim;
    const erasure = { ...this.progress, ...changes };
    this.claim = await this.claims.replace({ ...record, ...more, erasure }, claimETag, this.signal);
  }
}

/** @throws RetryLaterError while an upload holds the claim. */
export function ensureNotHeld({ leaseUntil }: Pick<ClaimRecord, 'leaseUntil'>, nowMs: number): void {
  const leftMs = Date.parse(leaseUntil) - nowMs;
  if (leftMs <= 0) return;
  throw new RetryLaterError('claim-held', 'An upload of this version is under way', { hintMs: leftMs });
}

/** The claim of a version whose erasure begins now. @param before the claim of its upload, or of an erasure that was refused. */
export function tombstoneOf(
  { bucket, key, versionId, eTag, requestId, requestedAt, requestedBy }: SentErasure,
  before: ClaimRecord | undefined,
  { plan, nowMs, secondLookAfterMs }: Readonly<{ plan: ErasurePlan; nowMs: number; secondLookAfterMs: number }>,
): ClaimRecord {
  return {
    ...(before ?? { claimedAt: toIso(nowMs), attempt: 0, holder: requestId, maybeUploaded: false }),
    ...{ bucket, key, versionId, eTag },
    leaseUntil: neverEndingLease,
    refusals: undefined,
    erasure: {
      ...{ requestId, requestedAt, requestedBy },
      ...(plan === 'search' && { lookAgainAt: toIso(nowMs + secondLookAfterMs) }),
    },
  };
}
