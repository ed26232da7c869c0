import { hasUsualForm } from 'complycube-stand-in/options';
import { type LocalComplyCube, startComplyCube } from 'complycube-stand-in/server';
import type { LivePhotoFacts } from 'complycube-stand-in/live-photos';
import { latestListingMs } from '../durations';
import type { Plan } from '../plan/plan';
import { firstKey } from './run-events';

/** Starts a stand-in that is slow, lists late, sometimes has numeric IDs, and does not know the clients of special photos. */
export function startChaoticComplyCube(
  { seed, photos }: Plan,
  requestsPerSecond: number,
  onLivePhoto: (livePhoto: LivePhotoFacts) => Promise<void>,
): Promise<LocalComplyCube> {
  const unknown = new Set(
    photos.flatMap(({ clientId, special }) => (special?.what === 'client unknown' ? [clientId] : [])),
  );
  return startComplyCube({
    keys: [firstKey],
    requestsPerSecond: { live: requestsPerSecond },
    latencyMs: [20, 120],
    listingDelayMs: [0, latestListingMs],
    numericIdRate: 0.05,
    isKnownClient: (clientId) => hasUsualForm(clientId) && !unknown.has(clientId),
    unknownClientStatus: seed % 2 === 0 ? 404 : 400,
    seed,
    onLivePhoto,
  });
}
