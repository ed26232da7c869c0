import { createHash } from 'node:crypto';
import { callAuthorized, type ComplyCubeEdges } from './authorized-call';
import type { Answer } from './complycube';
import type { Delivery } from './delivery';
import { judgeFailure, namesUnknownClient } from './verdict';

/** The photo whose live photo is looked for. */
export interface EarlierAttempt {
  readonly clientId: string;
  readonly image: Buffer;
  /** When it was first claimed, in milliseconds since 1970: no live photo of it is older. */
  readonly claimedAtMs: number;
}

/** How far ComplyCube's clock and ours may be apart. */
const clockSkewMs = 5 * 60_000;

/**
 * Looks for the live photo that an earlier attempt may have made: of the client's live photos, newest first, the one whose
 * bytes are the photo's. Size and age are compared before anything is downloaded.
 *
 * ComplyCube's list is newest first, and empty for a malformed filter as well: that nothing is found is no proof.
 * @returns the live photo's ID, or undefined when none is found.
 * @throws RetryLaterError when the list or a download can't be had: a failed look is never *not found*.
 */
export async function findEarlierLivePhoto(
  { clientId, image, claimedAtMs }: EarlierAttempt,
  delivery: Delivery,
  edges: ComplyCubeEdges,
): Promise<string | undefined> {
  const imageSha256 = sha256(image);
  for (let page = 1; ; page++) {
    const list = await callAuthorized(
      (options) => edges.complyCube.listLivePhotos(clientId, page, options),
      edges,
      delivery,
    );
    // A client that ComplyCube does not know has no live photos; what that means for the photo, its upload tells.
    if (list.kind === 'refused' && namesUnknownClient(list)) return undefined;
    const { livePhotos, pages } = accepted(list, clientId);
    for (const { id, size, createdAtMs } of livePhotos) {
      if (createdAtMs !== undefined && createdAtMs < claimedAtMs - clockSkewMs) return undefined;
      if (size !== undefined && size !== image.length) continue;
      const download = await callAuthorized(
        (options) => edges.complyCube.downloadLivePhoto(id, options),
        edges,
        delivery,
      );
      if (download.kind === 'refused' && download.status === 404) continue; // deleted since it was listed
      if (sha256(accepted(download, clientId)) === imageSha256) return id;
    }
    if (livePhotos.length === 0 || page >= pages) return undefined;
  }
}

function accepted<T>(answer: Answer<T>, clientId: string): T {
  if (answer.kind === 'accepted') return answer.value;
  throw judgeFailure(answer, clientId);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
