import type { ClaimRecord } from '../../contract/claim-record';
import type { ObjectVersion } from '../../contract/object-version';
import { isRejected } from '../../contract/outcome';
import { type MetadataSettings, parseMetadata, validateSize } from '../../contract/photo-rules';
import type { PhotoStore } from '../aws/photo-store';
import type { ComplyCubeDeps, SearchCall } from '../complycube/authorized-call';
import { findEarlierLivePhoto } from '../complycube/reconcile';
import type { Delivery } from '../delivery';
import { RetryLaterError } from '../retry-later-error';
import type { ExistingVersion } from './plan-erasure';

/** The dependencies of {@link searchLivePhoto}. */
export interface SearchDeps extends ComplyCubeDeps<SearchCall> {
  readonly photos: Pick<PhotoStore, 'open'>;
  readonly metadata: MetadataSettings;
}

/**
 * Searches ComplyCube for a live photo with the version's client and bytes.
 * @returns its ID. Undefined: there is none.
 */
export async function searchLivePhoto(
  location: ObjectVersion,
  version: ExistingVersion,
  { record, delivery }: { readonly record: ClaimRecord; readonly delivery: Delivery },
  deps: SearchDeps,
): Promise<string | undefined> {
  const request = validateSize(version.bytes) ?? parseMetadata(version.metadata, deps.metadata);
  if (isRejected(request)) return undefined; // such an object was never sent
  const photo = await deps.photos.open(location, delivery.signal);
  if (typeof photo === 'string') throw new RetryLaterError('s3-failed', `The photo object is ${photo}`);
  try {
    const arriving = photo.read();
    const image = await arriving.until(arriving.length);
    const claimedAtMs = record.attempt === 0 ? (version.createdAtMs ?? 0) : Date.parse(record.claimedAt);
    return await findEarlierLivePhoto({ clientId: request.clientId, image, claimedAtMs }, delivery, deps);
  } finally {
    photo.discard();
  }
}
