import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import {
  type ClientErasureRecord,
  clientErasureRecordKey,
  type ErasureRecord,
  erasureRecordKey,
  tombstoneKey,
} from '../../contract/erasure-record';
import type { ObjectVersion } from '../../contract/object-version';
import { readJson } from './conditional-json';
import { isS3Error, s3Failure } from './s3-errors';

/** The evidence of erasures, and the tombstones that never expire. Both are in the claims bucket, where only the function may write. */
export class ErasureRecords {
  constructor(
    private readonly s3: S3Client,
    private readonly bucket: string,
  ) {}

  /** Stores the evidence of a request. It is never changed: if it exists, this does nothing. */
  async keep(record: ErasureRecord, { key }: Pick<ObjectVersion, 'key'>, signal: AbortSignal): Promise<void> {
    await this.put(erasureRecordKey({ ...record, key, versionId: record.versionId }), record, signal);
  }

  /** Like {@link keep}, for the erasure of a client. */
  async keepOfClient(record: ClientErasureRecord, signal: AbortSignal): Promise<void> {
    await this.put(clientErasureRecordKey(record), record, signal);
  }

  /** Creates a version's tombstone, unless it exists. */
  async bury(version: ObjectVersion, erasedAt: string, signal: AbortSignal): Promise<void> {
    await this.put(tombstoneKey(version), { erasedAt }, signal);
  }

  /** Whether a version was erased, also long ago. */
  async isBuried(version: ObjectVersion, signal: AbortSignal): Promise<boolean> {
    const tombstone = { Bucket: this.bucket, Key: tombstoneKey(version) };
    return (await readJson(this.s3, tombstone, signal)) !== undefined;
  }

  private async put(key: string, content: object, signal: AbortSignal): Promise<void> {
    const command = new PutObjectCommand({
      Bucket: this.bucket,
      Key: key,
      Body: JSON.stringify(content),
      ContentType: 'application/json',
      IfNoneMatch: '*',
    });
    try {
      await this.s3.send(command, { abortSignal: signal });
    } catch (error) {
      if (!isS3Error(error, 'PreconditionFailed')) throw s3Failure('PutObject', error);
    }
  }
}
