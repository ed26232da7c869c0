import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from './clock';
import type { PhotoLocation } from './object-events';
import { RetryLaterError } from './retry-later-error';

/** What a claim's object holds, as JSON: enough to look for the live photo of an attempt, and to answer an auditor. */
export interface ClaimRecord {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
  readonly eTag: string;
  /** When the photo object was first claimed; ISO 8601. A takeover keeps it: nothing was uploaded before. */
  readonly claimedAt: string;
  /** Until when nobody else may work on the photo object; ISO 8601. */
  readonly leaseUntil: string;
  /** Counts those who held the claim. */
  readonly attempt: number;
  /** Names this one holder. */
  readonly holder: string;
  /** The live photo, where it is known and could not be written onto the object. */
  readonly livePhotoId?: string;
}

/** A claim as it stands in S3. */
export interface Claim {
  readonly record: ClaimRecord;
  /** Of the claim's object: it changes with the holder. */
  readonly claimETag: string;
}

/** What came of claiming: the claim is one's own, or another's stands. */
export type ClaimAttempt = Claim & { readonly isOwn: boolean };

/**
 * Claims on photo objects: a small JSON object each, in a bucket of their own, so that no two workers upload the same photo.
 *
 * S3 creates an object with `If-None-Match: *` and changes one with `If-Match` for just one of many who try (S3 user guide,
 * "Conditional requests"). A lease outlasts its worker's invocation and call, so that whoever finds one that has ended knows
 * that nothing is under way any more.
 */
export class Claims {
  constructor(
    private readonly s3: S3Client,
    private readonly bucket: string,
    private readonly leaseMs: number,
    private readonly clock: Clock,
  ) {}

  /** Claims a photo object's version, or finds the claim that stands. */
  async claim(location: PhotoLocation): Promise<ClaimAttempt> {
    const { bucket, key, versionId, eTag } = location;
    const now = this.clock.now();
    const record: ClaimRecord = {
      ...{ bucket, key, versionId, eTag },
      claimedAt: toIso(now),
      leaseUntil: toIso(now + this.leaseMs),
      attempt: 1,
      holder: randomUUID(),
    };
    const claimETag = await this.put(record, { IfNoneMatch: '*' });
    if (claimETag !== undefined) return { record, claimETag, isOwn: true };
    const standing = await this.read(location);
    // The SDK sends a request again whose answer was lost: the claim that stands may be one's own.
    return { ...standing, isOwn: standing.record.holder === record.holder };
  }

  /**
   * Takes over a claim whose lease has ended.
   * @throws RetryLaterError when it is still leased, or when another took it over first.
   */
  async takeOver({ record, claimETag }: Claim): Promise<Claim> {
    const now = this.clock.now();
    const leftMs = Date.parse(record.leaseUntil) - now;
    if (leftMs > 0) throw new RetryLaterError('Another delivery works on this photo object', { waitMs: leftMs });
    const attempt = record.attempt + 1;
    const taken = { ...record, leaseUntil: toIso(now + this.leaseMs), attempt, holder: randomUUID() };
    const takenETag = await this.put(taken, { IfMatch: claimETag });
    if (takenETag !== undefined) return { record: taken, claimETag: takenETag };
    const standing = await this.read(record);
    // As above: a request that was sent again finds its own doing.
    if (standing.record.holder === taken.holder) return standing;
    throw new RetryLaterError('Another delivery took over this photo object', { waitMs: this.leaseMs });
  }

  /** Gives up a claim for a photo that ComplyCube surely did not take: the next delivery need not look for it. */
  async release({ record, claimETag }: Claim): Promise<void> {
    const command = new DeleteObjectCommand({ Bucket: this.bucket, Key: claimKey(record), IfMatch: claimETag });
    await this.s3.send(command).catch(ignoreLostRace);
  }

  /** Ends a claim's lease: the next delivery need not wait for it, but has to look for the live photo. */
  async endLease({ record, claimETag }: Claim, livePhotoId?: string): Promise<void> {
    await this.put({ ...record, leaseUntil: toIso(this.clock.now()), livePhotoId }, { IfMatch: claimETag });
  }

  /** @returns the ETag of what was written; undefined when the race was lost. */
  private async put(
    record: ClaimRecord,
    condition: { IfNoneMatch: '*' } | { IfMatch: string },
  ): Promise<string | undefined> {
    try {
      const { ETag } = await this.s3.send(
        new PutObjectCommand({
          Bucket: this.bucket,
          Key: claimKey(record),
          Body: JSON.stringify(record),
          ContentType: 'application/json',
          ...condition,
        }),
      );
      if (ETag === undefined) throw new RetryLaterError('S3 PutObject gave no ETag');
      return ETag;
    } catch (error) {
      ignoreLostRace(error);
      return undefined;
    }
  }

  private async read(location: Parameters<typeof claimKey>[0]): Promise<Claim> {
    try {
      const { Body, ETag } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: claimKey(location) }));
      if (Body === undefined || ETag === undefined) throw new RetryLaterError('S3 GetObject gave no claim');
      return { record: JSON.parse(await Body.transformToString()) as ClaimRecord, claimETag: ETag };
    } catch (error) {
      if (!(error instanceof NoSuchKey)) throw error;
      throw new RetryLaterError('The claim was released meanwhile', { waitMs: 1_000, cause: error });
    }
  }
}

/**
 * The key of a photo object's claim: everything that tells one version from another, in characters that any key may have.
 * The photo object's own key may fill S3's limit, so it is hashed.
 */
export function claimKey({
  bucket,
  key,
  versionId,
  eTag,
}: Pick<PhotoLocation, 'bucket' | 'key' | 'versionId' | 'eTag'>): string {
  const object = createHash('sha256').update(`${bucket}/${key}`).digest('hex');
  return `${object}/${versionId ?? 'unversioned'}-${eTag}`;
}

/**
 * 412: another was first; 409: another writes at this moment; 404: the object to match is gone (S3 API reference, PutObject and
 * DeleteObject).
 * @throws any other error.
 */
function ignoreLostRace(error: unknown): void {
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  if (status !== 412 && status !== 409 && status !== 404) throw error;
}

function toIso(ms: number): string {
  return new Date(ms).toISOString();
}
