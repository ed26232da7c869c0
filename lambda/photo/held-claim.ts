import { type Claim, type ClaimDurations, type ClaimRecord, toIso } from '../../contract/claim-record';
import type { Clock } from '../clock';
import { photoReserveMs } from '../../contract/durations';
import type { UploadOutcome } from '../../contract/outcome';
import { addRefusal, type RefusalCount, type RefusalCounts } from '../../contract/refusal-counts';
import type { CountedRefusal } from '../../contract/error-codes';
import { RetryLaterError, UploadUnknownError } from '../retry-later-error';
import { withDeadline } from '../with-deadline';

/** Changes and deletes a held claim. */
export interface ClaimStore {
  readonly durations: ClaimDurations;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  update(claim: Claim, changes: Partial<ClaimRecord>, signal: AbortSignal): Promise<void>;
  delete(claim: Claim, signal: AbortSignal): Promise<void>;
}

/** A claim that this delivery holds. Must end with exactly one call of {@link finish} or {@link release}. */
export class HeldClaim {
  /** The live photo that this or an earlier attempt created, once known. */
  livePhotoId: string | undefined;
  /** An earlier attempt may have reached ComplyCube: look for its live photo before uploading. */
  readonly mustReconcile: boolean;
  private refusals: RefusalCounts;

  constructor(
    private readonly claim: Claim,
    { mustReconcile }: { readonly mustReconcile: boolean },
    private readonly store: ClaimStore,
  ) {
    this.livePhotoId = claim.record.livePhotoId;
    this.refusals = claim.record.refusals ?? {};
    this.mustReconcile = mustReconcile;
  }

  get record(): ClaimRecord {
    return this.claim.record;
  }

  /**
   * Called immediately before each step that must not happen twice, so that a thawed environment does nothing late.
   * @throws RetryLaterError when another environment may take over the claim. Allows for clock skew.
   */
  ensureLease(): void {
    const { clock, durations } = this.store;
    if (Date.parse(this.record.leaseUntil) - clock.now() < durations.clockSkewMs) {
      throw new RetryLaterError('lease-expired', 'The claim on this photo object has expired');
    }
  }

  /** The current count of one kind of refusal. */
  refusalCount(code: CountedRefusal): RefusalCount | undefined {
    return this.refusals[code];
  }

  /** Drops counts that began before a person took the rejection back, in milliseconds since 1970. */
  dropRefusalsBefore(ms: number): void {
    const isLater = ([, { firstAt }]: [string, RefusalCount]): boolean => Date.parse(firstAt) >= ms;
    this.refusals = Object.fromEntries(Object.entries(this.refusals).filter(isLater));
  }

  /** Counts a refusal. {@link release} stores the count for the next delivery. */
  countRefusal(code: CountedRefusal): RefusalCount {
    const count = addRefusal(this.refusals[code], toIso(this.store.clock.now()));
    this.refusals = { ...this.refusals, [code]: count };
    return count;
  }

  /**
   * Ends the claim after an outcome.
   * @param isProven whether the object's tags prove the outcome. If so, an upload's claim is no longer needed and expires.
   */
  async finish({ status }: UploadOutcome, isProven: boolean): Promise<void> {
    if (status === 'uploaded' && isProven) return;
    this.refusals = {};
    await this.end();
  }

  /** Ends the claim without an outcome. If this fails, the lease expires, and the next delivery looks for the live photo. */
  async release(error?: unknown): Promise<void> {
    const isUnknown = error instanceof UploadUnknownError;
    if (isUnknown && this.livePhotoId === undefined) {
      const { clock, durations } = this.store;
      // The next delivery must wait until ComplyCube lists the live photo.
      const untilMs = clock.now() + durations.clockSkewMs + durations.listingDelayMs;
      await this.change((signal) => this.update({ leaseUntil: toIso(untilMs) }, signal));
    } else await this.end();
  }

  private async end(): Promise<void> {
    const { clock, durations } = this.store;
    // In the past by every environment's clock.
    const leaseUntil = toIso(clock.now() - durations.clockSkewMs);
    const isKept = this.livePhotoId !== undefined || this.mustReconcile;
    if (isKept) await this.change((signal) => this.update({ leaseUntil }, signal));
    else if (Object.keys(this.refusals).length > 0) {
      await this.change((signal) => this.update({ leaseUntil, maybeUploaded: false }, signal));
    } else await this.change((signal) => this.store.delete(this.claim, signal));
  }

  private async update(changes: Partial<ClaimRecord>, signal: AbortSignal): Promise<void> {
    const { livePhotoId, refusals } = this;
    await this.store.update(this.claim, { livePhotoId, refusals, ...changes }, signal);
  }

  /** Uses a separate deadline, because the photo's may be over. Failures are ignored: the lease expires by itself. */
  private async change(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const error = new RetryLaterError('s3-failed', 'The claim could not be changed in time');
    await withDeadline({ ms: photoReserveMs * 0.8, error }, this.store.clock, work).catch(() => undefined);
  }
}
