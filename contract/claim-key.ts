import { objectHash } from './object-hash';
import type { PhotoLocation } from './object-events';

/**
 * The object key of a claim. It identifies a version of a photo object. The photo object's key is hashed, because it may already have
 * the maximum length.
 */
export function claimKey({
  versionId,
  eTag,
  ...object
}: Pick<PhotoLocation, 'bucket' | 'key' | 'versionId' | 'eTag'>): string {
  return `${objectHash(object)}/${versionId ?? 'unversioned'}-${eTag}`;
}
