import { createHash } from 'node:crypto';
import type { Bucket, ObjectVersion } from '../buckets/bucket';
import { type Checksum, computeChecksum } from '../requests/checksums';
import { checkWriteConditions } from '../requests/conditions';
import type { ObjectMetadata } from './object-metadata';
import type { S3Call, S3Context } from '../operation';
import type { TagSet } from './tags';

/** An object to store. */
export interface NewObject {
  readonly bytes: Buffer;
  /** The one that the client sent; left out, CRC64NVME is computed, as S3 does. */
  readonly checksum: Checksum | undefined;
  readonly metadata: ObjectMetadata;
  readonly tags: TagSet;
}

/** The operation that created an object, as `s3:ObjectCreated:…` names it. */
export type Creation = 'Put' | 'Post' | 'Copy';

/**
 * Stores an object under the call's key if the call's conditions hold, and has the event delivered.
 * @throws S3Error what checkWriteConditions throws.
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
  // From here on nothing may wait: another writer would get between the conditions and the write.
  checkWriteConditions(call.headers, call.key, bucket.currentObject(call.key));
  const version = bucket.addObject(call.key, { bytes, eTag, checksum, metadata, tags });
  s3.notifier.objectCreated({ call, bucket, version, creation });
  return version;
}

/** The headers that answer a stored object; S3 names the version only while versioning is enabled. */
export function storedObjectHeaders(bucket: Bucket, version: ObjectVersion): Readonly<Record<string, string>> {
  return {
    'x-amz-server-side-encryption': 'AES256',
    ...(bucket.versioning === 'Enabled' && { 'x-amz-version-id': version.versionId }),
  };
}
