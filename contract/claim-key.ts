import { objectHash } from './object-hash';
import type { ObjectVersion } from './object-version';

/**
 * The object key of a claim. It identifies a version of a photo object. The photo object's key is hashed, because it may already have
 * the maximum length.
 */
export function claimKey({ versionId, eTag, ...object }: ObjectVersion): string {
  return `${objectHash(object)}/${versionId ?? 'unversioned'}-${eTag}`;
}
