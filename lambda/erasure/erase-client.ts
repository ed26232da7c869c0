import type { ClientErasureCounts } from '../../contract/erasure-record';
import { toIso } from '../../contract/claim-record';
import type { ListedLivePhoto } from '../../contract/inquiry';
import type { Claims } from '../aws/claims';
import type { ClientErasures } from '../aws/client-erasures';
import type { ErasureRecords } from '../aws/erasure-records';
import type { Clock } from '../clock';
import { callAuthorized, type ComplyCubeDeps } from '../complycube/authorized-call';
import type { Delivery } from '../delivery';
import { errorCodeOf, RetryLaterError, UnfinishedError, UploadUnknownError } from '../retry-later-error';
import { judgeFailure, saysClientIsUnknown } from '../verdict';
import { ClientErasure, type SentClientErasure } from './client-erasure';
import { deleteLivePhoto } from './delete-live-photo';

/** The dependencies of {@link eraseClient}. */
export interface ClientErasureDeps extends ComplyCubeDeps<'listLivePhotos' | 'readLivePhoto' | 'deleteLivePhoto'> {
  readonly clientErasures: Pick<ClientErasures, 'read' | 'replace'>;
  readonly erasureRecords: Pick<ErasureRecords, 'keepOfClient'>;
  readonly claims: Pick<Claims, 'durations'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** How far ComplyCube's clock and the function's may differ. */
const complyCubeSkewMs = 5 * 60_000;

/**
 * Deletes all live photos that a client has at ComplyCube, also those that no version of a photo object names.
 *
 * 1. Note when the erasure began. Live photos that are created later are left alone: a request that was retried for days must not
 *    delete what the person has sent since.
 * 2. List all live photos of the client.
 * 3. Delete each, like that of a version. What ComplyCube refuses to delete is not tried again for this request.
 * 4. If a live photo still existed, or the list may be too early to contain all, list again in a later delivery.
 * 5. Store the evidence.
 *
 * It lists all pages before the first deletion, because a deletion moves the live photos of the next pages.
 * @throws UnfinishedError when time is over and something was deleted; any other error also makes the message be retried.
 */
export async function eraseClient(
  request: SentClientErasure,
  delivery: Delivery,
  deps: ClientErasureDeps,
): Promise<ClientErasureCounts | 'already-erased'> {
  delivery.gate.check();
  const { clientErasures: store, clock } = deps;
  // Another execution environment may have noted the start.
  const { listingDelayMs, clockSkewMs } = deps.claims.durations;
  const { signal } = delivery;
  const erasure = await ClientErasure.begin(request, { store, nowMs: clock.now(), signal });
  if (erasure.progress.isDone === true) return 'already-erased';
  const listedAtMs = clock.now();
  const hasDeleted = await deleteListed(request, erasure, delivery, deps);

  const { requestId, requestedAt, requestedBy, startedAt, said } = erasure.progress;
  const leftMs = Date.parse(startedAt) + listingDelayMs + clockSkewMs - listedAtMs;
  if (hasDeleted || leftMs > 0) {
    const hintMs = Math.max(leftMs, 0);
    throw new RetryLaterError('erasure-waits', 'The erasure lists the client’s live photos once more', { hintMs });
  }
  const { counts } = erasure;
  const record = { requestId, requestedAt, requestedBy, erasedAt: toIso(listedAtMs), ...counts, said };
  await deps.erasureRecords.keepOfClient(record, signal);
  await erasure.end();
  return counts;
}

/** @returns whether a live photo still existed that was not refused before. */
async function deleteListed(
  { clientId }: SentClientErasure,
  erasure: ClientErasure,
  delivery: Delivery,
  deps: ClientErasureDeps,
): Promise<boolean> {
  const untilMs = Date.parse(erasure.progress.startedAt) + complyCubeSkewMs;
  const isLater = ({ createdAtMs }: ListedLivePhoto): boolean => createdAtMs !== undefined && createdAtMs >= untilMs;
  const listed = await listAll(clientId, delivery, deps);
  const left = listed.filter((livePhoto) => !isLater(livePhoto) && !erasure.progress.refused.includes(livePhoto.id));
  let hasDeleted = false;
  try {
    for (const { id: livePhotoId } of left) {
      const expected = { clientId, bytes: undefined };
      const { outcome, status, said } = await deleteLivePhoto({ livePhotoId, expected }, erasure, delivery, deps);
      if (outcome === 'refused') await erasure.noteRefused(livePhotoId, said);
      const isKnown = erasure.progress.notFound.includes(livePhotoId);
      if (outcome === 'not-found' && !isKnown) await erasure.noteNotFound(livePhotoId);
      hasDeleted ||= status !== 404;
    }
  } catch (error) {
    if (hasDeleted && errorCodeOf(error) === 'no-time-left') throw new UnfinishedError({ cause: error });
    throw error;
  }
  return hasDeleted;
}

async function listAll(
  clientId: string,
  delivery: Delivery,
  deps: Pick<ClientErasureDeps, 'apiKey' | 'complyCube'>,
): Promise<readonly ListedLivePhoto[]> {
  const all = new Map<string, ListedLivePhoto>();
  for (let page = 1; ; page++) {
    const list = await callAuthorized(
      (options) => deps.complyCube.listLivePhotos(clientId, page, options),
      deps,
      delivery,
    );
    // A client that was deleted has no live photos.
    if (list.kind === 'refused' && saysClientIsUnknown(list)) return [];
    if (list.kind !== 'accepted') throw judgeFailure(list, clientId);
    const { livePhotos, unnamed, pages } = list.value;
    if (unnamed.length > 0) {
      throw new UploadUnknownError('ComplyCube’s answer is unknown: a live photo of the client has no usable ID');
    }
    for (const livePhoto of livePhotos) all.set(livePhoto.id, livePhoto);
    if (page >= pages) return [...all.values()];
  }
}
