import { createHash } from 'node:crypto';
import type { PhotoLocation } from './object-events';

/**
 * The key of a photo object's claim: everything that tells one version from another, in characters that any key may have.
 * The photo object's own key may be as long as S3 allows, so it is hashed.
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
