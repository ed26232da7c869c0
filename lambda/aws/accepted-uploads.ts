import type { S3Client } from '@aws-sdk/client-s3';
import { toIso } from '../../contract/claim-record';
import type { Clock } from '../clock';
import { awsRequestMs } from '../../contract/durations';
import { withDeadline } from '../with-deadline';
import { readJson, writeJson } from './conditional-json';

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
    const note = { Bucket: this.bucket, Key: objectKey, content: { acceptedAt: toIso(nowMs) } };
    try {
      const eTag = await this.inTime((signal) => writeJson(this.s3, note, undefined, signal));
      if (eTag !== undefined) this.writtenMs = nowMs;
    } catch {
      // The next accepted photo tries again.
    }
  }

  /** Whether ComplyCube certainly accepted a photo after a time, in milliseconds since 1970. */
  async hasAcceptedSince(ms: number): Promise<boolean> {
    if (this.latestMs > ms) return true;
    const note = { Bucket: this.bucket, Key: objectKey };
    // After a failure the time is unknown: the photo is retried.
    const stored = await this.inTime((signal) => readJson(this.s3, note, signal)).catch(() => undefined);
    const { acceptedAt } = (stored?.content ?? {}) as { readonly acceptedAt?: string };
    return Date.parse(String(acceptedAt)) > ms;
  }

  private async inTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const error = new Error('S3 did not answer in time');
    return withDeadline({ ms: awsRequestMs, error }, this.clock, work);
  }
}
