import { DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { claimKey } from '../../contract/claim-key';
import { type Claim, type ClaimDurations, type ClaimRecord, toIso } from '../../contract/claim-record';
import type { Clock } from '../clock';
import { HeldClaim } from '../photo/held-claim';
import type { PhotoLocation } from '../../contract/object-events';
import type { ObjectVersion } from '../../contract/object-version';
import { RetryLaterError } from '../retry-later-error';
import { isLostRace, readJson, unchangedSince, type WriteCondition, writeJson } from './conditional-json';
import { s3Failure } from './s3-errors';

/**
 * Claims on photo objects, so that no two deliveries upload the same photo. Each claim is a small JSON object in the claims bucket.
 *
 * Of concurrent writes with `If-None-Match: *` or `If-Match`, S3 accepts only one (S3 user guide, "Conditional requests"). A lease is
 * longer than its holder's work by the clock skew and the listing delay. When it has expired, ComplyCube lists every live photo that
 * the holder created.
 */
export class Claims {
  constructor(
    private readonly s3: S3Client,
    private readonly bucket: string,
    readonly durations: ClaimDurations,
    readonly clock: Pick<Clock, 'now' | 'after'>,
  ) {}

  /** Claims a photo object's version. @returns the held claim, or the existing claim of another delivery. */
  async claim(location: PhotoLocation, signal: AbortSignal): Promise<HeldClaim | Claim> {
    const { bucket, key, versionId, eTag } = location;
    const record: ClaimRecord = {
      ...{ bucket, key, versionId, eTag },
      claimedAt: toIso(this.clock.now()),
      leaseUntil: this.leaseFromNow(),
      attempt: 1,
      holder: randomUUID(),
      isCopy: location.isCopy,
    };
    const claimETag = await this.put(record, { IfNoneMatch: '*' }, signal);
    if (claimETag !== undefined) return new HeldClaim({ record, claimETag }, { mustReconcile: false }, this);
    const current = await this.readExisting(location, signal);
    // The SDK repeats a request whose answer was lost, so this delivery may have created the existing claim.
    if (current.record.holder !== record.holder) return current;
    return new HeldClaim(current, { mustReconcile: false }, this);
  }

  /**
   * Takes over a claim whose lease has expired.
   * @throws RetryLaterError `claim-held` when the lease has not expired, or another delivery took it over first.
   */
  async takeOver({ record, claimETag }: Claim, signal: AbortSignal): Promise<HeldClaim> {
    if (Date.parse(record.leaseUntil) > this.clock.now()) {
      throw new RetryLaterError('claim-held', 'Another delivery is processing this photo object');
    }
    const { maybeUploaded, ...before } = record;
    const mustReconcile = maybeUploaded !== false;
    const taken = { ...before, leaseUntil: this.leaseFromNow(), attempt: record.attempt + 1, holder: randomUUID() };
    const takenETag = await this.put(taken, { IfMatch: claimETag }, signal);
    if (takenETag !== undefined) {
      return new HeldClaim({ record: taken, claimETag: takenETag }, { mustReconcile }, this);
    }
    const current = await this.readExisting(record, signal);
    if (current.record.holder !== taken.holder) {
      throw new RetryLaterError('claim-held', 'Another delivery took over this photo object');
    }
    return new HeldClaim(current, { mustReconcile }, this);
  }

  /** Deletes a claim, unless another delivery took it over. */
  async delete({ record, claimETag }: Claim, signal: AbortSignal): Promise<void> {
    const command = new DeleteObjectCommand({ Bucket: this.bucket, Key: claimKey(record), IfMatch: claimETag });
    await this.s3.send(command, { abortSignal: signal }).catch((error: unknown) => {
      if (!isLostRace(error)) throw s3Failure('DeleteObject', error);
    });
  }

  /** Changes a claim, unless another delivery took it over. */
  async update(claim: Claim, changes: Partial<ClaimRecord>, signal: AbortSignal): Promise<void> {
    await this.put({ ...claim.record, ...changes }, { IfMatch: claim.claimETag }, signal);
  }

  private leaseFromNow(): string {
    const { photoDeadlineMs, clockSkewMs, listingDelayMs } = this.durations;
    return toIso(this.clock.now() + photoDeadlineMs + clockSkewMs + listingDelayMs);
  }

  /** @returns the ETag of the new claim. Undefined: another delivery was first. */
  private async put(record: ClaimRecord, condition: WriteCondition, signal: AbortSignal): Promise<string | undefined> {
    return writeJson(this.s3, { Bucket: this.bucket, Key: claimKey(record), content: record }, condition, signal);
  }

  private async readExisting(location: ObjectVersion, signal: AbortSignal): Promise<Claim> {
    const claim = await this.read(location, signal);
    if (claim === undefined) throw new RetryLaterError('claim-held', 'The claim was just released');
    return claim;
  }

  /** Reads a version's claim, if there is one. */
  async read(location: ObjectVersion, signal: AbortSignal): Promise<Claim | undefined> {
    const stored = await readJson(this.s3, { Bucket: this.bucket, Key: claimKey(location) }, signal);
    if (stored === undefined) return undefined;
    const { bucket, key, versionId, eTag } = location;
    return { record: { ...(stored.content as ClaimRecord), bucket, key, versionId, eTag }, claimETag: stored.eTag };
  }

  /**
   * Writes a claim in place of the one that was read.
   * @param claimETag of the claim that was read. Undefined: there was none.
   * @throws RetryLaterError `claim-held` when another delivery was first.
   */
  async replace(record: ClaimRecord, claimETag: string | undefined, signal: AbortSignal): Promise<Claim> {
    const newETag = await this.put(record, unchangedSince(claimETag), signal);
    if (newETag === undefined) throw new RetryLaterError('claim-held', 'Another delivery changed the claim');
    return { record, claimETag: newETag };
  }
}
