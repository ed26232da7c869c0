import { createHash } from 'node:crypto';
import type { Bucket, ObjectVersion } from '../buckets/bucket';
import { type Checksum, computeChecksum } from '../requests/checksums';
import { checkWriteConditions } from '../requests/conditions';
import { versionHeaders } from './find-object';
import type { ObjectMetadata } from './object-metadata';
import type { S3Call } from '../call';
import type { Creation } from '../events/event-messages';
import type { S3Context } from '../operation';
import type { TagSet } from './tags';

/** An object to store. */
export interface NewObject {
  readonly bytes: Buffer;
  /** The client's checksum. Default: a computed CRC64NVME, as in S3. */
  readonly checksum: Checksum | undefined;
  readonly metadata: ObjectMetadata;
  readonly tags: TagSet;
}

/**
 * Stores an object under the call's key if the call's conditions hold, and sends the event.
 * @throws S3Error from checkWriteConditions.
 */
export async function storeObject(
  call: S3Call,
  s3: S3Context,
  bucket: Bucket,
  object: NewObject,
  creation: Creation,
): Promise<ObjectVersion> {
  const { bytes, checksum = await computeChecksum(bytes), metadata, tags } = object;
  const eTag = createHash('md5').update(bytes).digest('hex');
  // No await from here: another writer could store an object between the check and the write.
  checkWriteConditions(call.headers, call.key, bucket.currentObject(call.key));
  const version = bucket.addObject(call.key, { bytes, eTag, checksum, metadata, tags });
  s3.notifier.objectCreated({ call, bucket, version, creation });
  return version;
}

/** Response headers for a stored object. */
export function storedObjectHeaders(bucket: Bucket, version: ObjectVersion): Readonly<Record<string, string>> {
  return {
    'x-amz-server-side-encryption': 'AES256',
    ...versionHeaders(bucket, version),
  };
}
