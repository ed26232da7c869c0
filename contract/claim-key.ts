import { createHash } from 'node:crypto';
import type { PhotoLocation } from './object-events';

/**
 * The object key of a claim. It identifies a version of a photo object. The photo object's key is hashed, because it may already have
 * the maximum length.
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
