import type { ClientErasureCounts } from '../../contract/erasure-record';
import { toIso } from '../../contract/claim-record';
import type { ListedLivePhoto } from '../../contract/inquiry';
import type { Claims } from '../aws/claims';
import type { ClientErasures } from '../aws/client-erasures';
import type { ErasureRecords } from '../aws/erasure-records';
import type { Clock } from '../clock';
import { callAuthorized, type ComplyCubeDeps } from '../complycube/authorized-call';
import type { Delivery } from '../delivery';
import {
  CountedRefusalError,
  errorCodeOf,
  RetryLaterError,
  UnfinishedError,
  UploadUnknownError,
} from '../retry-later-error';
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

/** How far ComplyCube's clock may be ahead of the function's. */
const complyCubeSkewMs = 5 * 60_000;

/**
 * Deletes all live photos that a client has at ComplyCube, also those that no version of a photo object names.
 *
 * 1. Note when the erasure began. Live photos that are created later are left alone: a request that was retried for days must not
 *    delete what the person has sent since.
 * 2. List all live photos of the client.
 * 3. Delete each, like that of a version. What ComplyCube refuses to delete is not tried again for this request.
 * 4. If a live photo still existed or disappeared meanwhile, or the list may be too early to contain all, list again in a later
 *    delivery.
 * 5. Store the evidence, unless another delivery has deleted live photos meanwhile.
 *
 * It lists all pages before the first deletion, because a deletion moves the live photos of the next pages. Of a client with very many
 * live photos, it lists as many as a delivery can delete.
 * @throws UnfinishedError when time is over and the delivery has made progress; any other error also makes the message be retried.
 */
export async function eraseClient(
  request: SentClientErasure,
  delivery: Delivery,
  deps: ClientErasureDeps,
): Promise<ClientErasureCounts | 'already-erased'> {
  delivery.gate.check();
  const { clientErasures: store, clock } = deps;
  const { listingDelayMs, clockSkewMs } = deps.claims.durations;
  const { signal } = delivery;
  const erasure = await ClientErasure.begin(request, { store, nowMs: clock.now(), signal });
  if (erasure.progress.isDone === true) return 'already-erased';
  const listedAtMs = clock.now();
  const hasChanged = await deleteListed(request, erasure, delivery, deps);

  const { requestId, requestedAt, requestedBy, startedAt, said } = erasure.progress;
  // Another execution environment may have noted the start, with a clock that is behind.
  const leftMs = Date.parse(startedAt) + listingDelayMs + clockSkewMs - listedAtMs;
  if (hasChanged || leftMs > 0) {
    // A negative hint is ignored.
    const hint = { hintMs: leftMs };
    throw new RetryLaterError('erasure-waits', 'The erasure lists the client’s live photos once more', hint);
  }
  await erasure.ensureCurrent();
  const { counts } = erasure;
  const record = { requestId, requestedAt, requestedBy, erasedAt: toIso(listedAtMs), ...counts, said };
  await deps.erasureRecords.keepOfClient(record, signal);
  await erasure.end();
  return counts;
}

/**
 * One live photo never takes the others along: if it can't be deleted, the error is thrown after the others.
 * @returns whether the client's live photos have changed since the list began, also by somebody else.
 */
async function deleteListed(
  { clientId }: SentClientErasure,
  erasure: ClientErasure,
  delivery: Delivery,
  deps: ClientErasureDeps,
): Promise<boolean> {
  const untilMs = Date.parse(erasure.progress.startedAt) + complyCubeSkewMs;
  const isLater = ({ createdAtMs = -Infinity }: ListedLivePhoto): boolean => createdAtMs >= untilMs;
  const isLeft = (one: ListedLivePhoto): boolean => !isLater(one) && !erasure.progress.refused.includes(one.id);
  const askedBefore = erasure.progress.asked.length;
  const { left, errors } = await listLeft(clientId, isLeft, delivery, deps);
  let hasChanged = false;
  for (const { id: livePhotoId } of left) {
    try {
      const expected = { clientId, bytes: undefined };
      const { outcome, status, said } = await deleteLivePhoto({ livePhotoId, expected }, erasure, delivery, deps);
      if (outcome === 'refused') await erasure.noteRefused(livePhotoId, said);
      const isNews = outcome === 'not-found' && !erasure.progress.notFound.includes(livePhotoId);
      if (isNews) await erasure.noteNotFound(livePhotoId);
      hasChanged ||= isNews || status !== 404;
    } catch (error) {
      // Only new deletions are progress. Otherwise a live photo that never disappears would use up all receives.
      const hasProgress = erasure.progress.asked.length > askedBefore;
      if (hasProgress && errorCodeOf(error) === 'no-time-left') throw new UnfinishedError({ cause: error });
      if (!isAboutOneLivePhoto(error)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return hasChanged;
}

/** Whether an error may be about one live photo. All other errors are about the key, the account, the pace, AWS or the delivery. */
function isAboutOneLivePhoto(error: unknown): boolean {
  return error instanceof UploadUnknownError || error instanceof CountedRefusalError;
}

/** A delivery has no time to delete more. So the list ends then, to leave time for the deletions. */
const maxLeft = 500;

/** @returns what is left to delete, and why the list may not be whole. */
async function listLeft(
  clientId: string,
  isLeft: (livePhoto: ListedLivePhoto) => boolean,
  delivery: Delivery,
  deps: Pick<ClientErasureDeps, 'apiKey' | 'complyCube'>,
): Promise<{ readonly left: readonly ListedLivePhoto[]; readonly errors: unknown[] }> {
  const left = new Map<string, ListedLivePhoto>();
  const errors: unknown[] = [];
  for (let page = 1; ; page++) {
    const list = await callAuthorized(
      (options) => deps.complyCube.listLivePhotos(clientId, page, options),
      deps,
      delivery,
    );
    // A client that was deleted has no live photos.
    if (list.kind === 'refused' && saysClientIsUnknown(list)) return { left: [], errors };
    if (list.kind !== 'accepted') {
      errors.push(judgeFailure(list, clientId));
      break;
    }
    const { livePhotos, unnamed, pages } = list.value;
    if (unnamed.length > 0) {
      errors.push(
        new UploadUnknownError('ComplyCube’s answer is unknown: a live photo of the client has no usable ID'),
      );
    }
    for (const livePhoto of livePhotos.filter(isLeft)) left.set(livePhoto.id, livePhoto);
    if (page >= pages) break;
    if (left.size < maxLeft) continue;
    errors.push(new RetryLaterError('erasure-waits', 'The client has more live photos than a delivery deletes'));
    break;
  }
  return { left: [...left.values()], errors };
}
