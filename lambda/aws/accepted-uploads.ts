import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { toIso } from '../../contract/claim-record';
import type { Clock } from '../clock';
import { awsRequestMs } from '../../contract/durations';
import { RetryLaterError } from '../retry-later-error';
import { withDeadline } from '../with-deadline';

/** In the claims bucket, where only the function may write. */
const objectKey = 'accepted/latest.json';
/** Precise enough for refusals that are counted over an hour. */
const writeEveryMs = 10 * 60_000;

/**
 * Stores when ComplyCube last accepted a photo from any environment. A photo that ComplyCube keeps refusing is rejected only if
 * other photos are accepted in between.
 */
export class AcceptedUploads {
  private latestMs = -Infinity;
  private writtenMs = -Infinity;

  constructor(
    private readonly s3: S3Client,
    private readonly bucket: string,
    private readonly clock: Pick<Clock, 'now' | 'after'>,
  ) {}

  /** Notes that ComplyCube accepted a photo now. Never fails: a lost note only delays a rejection. */
  async note(): Promise<void> {
    const nowMs = (this.latestMs = this.clock.now());
    if (nowMs - this.writtenMs < writeEveryMs) return;
    const command = new PutObjectCommand({
      Bucket: this.bucket,
      Key: objectKey,
      Body: JSON.stringify({ acceptedAt: toIso(nowMs) }),
      ContentType: 'application/json',
    });
    try {
      await this.inTime((abortSignal) => this.s3.send(command, { abortSignal }));
      this.writtenMs = nowMs;
    } catch {
      // The next accepted photo tries again.
    }
  }

  /** Whether ComplyCube certainly accepted a photo after a time, in milliseconds since 1970. */
  async hasAcceptedSince(ms: number): Promise<boolean> {
    if (this.latestMs > ms) return true;
    const command = new GetObjectCommand({ Bucket: this.bucket, Key: objectKey });
    try {
      const text = await this.inTime(async (abortSignal) =>
        (await this.s3.send(command, { abortSignal })).Body?.transformToString(),
      );
      const { acceptedAt } = JSON.parse(text ?? '{}') as { readonly acceptedAt?: string };
      return Date.parse(acceptedAt ?? '') > ms;
    } catch {
      return false; // unknown: the photo is retried
    }
  }

  private async inTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const error = new RetryLaterError('s3-failed', 'S3 did not answer in time');
    return withDeadline({ ms: awsRequestMs, error }, this.clock, work);
  }
}
