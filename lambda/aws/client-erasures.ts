import type { S3Client } from '@aws-sdk/client-s3';
import { type ClientErasureProgress, clientErasureKey } from '../../contract/client-erasure-progress';
import { RetryLaterError } from '../retry-later-error';
import { readJson, unchangedSince, writeJson } from './conditional-json';

/** A progress as stored in S3. */
export interface StoredProgress {
  readonly progress: ClientErasureProgress;
  readonly eTag: string;
}

/** How far the erasures of clients are, in the claims bucket. */
export class ClientErasures {
  constructor(
    private readonly s3: S3Client,
    private readonly bucket: string,
  ) {}

  async read(requestId: string, signal: AbortSignal): Promise<StoredProgress | undefined> {
    const object = { Bucket: this.bucket, Key: clientErasureKey(requestId) };
    const stored = await readJson(this.s3, object, signal);
    return stored && { progress: stored.content as ClientErasureProgress, eTag: stored.eTag };
  }

  /**
   * Writes the progress in place of the one that was read.
   * @param eTag of the progress that was read. Undefined: there was none.
   * @throws RetryLaterError `claim-held` when another delivery was first.
   */
  async replace(
    progress: ClientErasureProgress,
    eTag: string | undefined,
    signal: AbortSignal,
  ): Promise<StoredProgress> {
    const object = { Bucket: this.bucket, Key: clientErasureKey(progress.requestId), content: progress };
    const newETag = await writeJson(this.s3, object, unchangedSince(eTag), signal);
    if (newETag === undefined) throw new RetryLaterError('claim-held', 'Another delivery continued the erasure');
    return { progress, eTag: newETag };
  }
}
