import type { FaultRule } from 'complycube-stand-in/faults';
import { hasUsualForm } from 'complycube-stand-in/options';
import { type LocalComplyCube, startComplyCube } from 'complycube-stand-in/server';
import type { LivePhotoFacts } from 'complycube-stand-in/live-photos';
import { latestListingMs } from '../durations';
import type { Faults } from '../plan/call-faults';
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

/** Faults of all calls with their probabilities: unusual but valid answers, and false downloads. */
const faultsAnywhere: readonly FaultRule[] = [
  { fault: 'byte-order-mark', rate: 0.02 },
  { fault: 'no-client-id', rate: 0.02 },
  { fault: 'no-size', rate: 0.02 },
  { fault: 'text-size', rate: 0.02 },
  { fault: 'malformed-item', rate: 0.05, for: 'GET /livePhotos' },
  { fault: 'status', status: 500, rate: 0.1, for: 'GET /livePhotos/:id/download' },
  { fault: 'empty-data', rate: 0.05, for: 'GET /livePhotos/:id/download' },
  { fault: 'short-data', rate: 0.05, for: 'GET /livePhotos/:id/download' },
  { fault: 'uri-data', rate: 0.05, for: 'GET /livePhotos/:id/download' },
  { fault: 'text-data', rate: 0.05, for: 'GET /livePhotos/:id/download' },
];

/** Faults of all calls while a condition is true. */
export interface WholeService {
  readonly isOutage: () => boolean;
  readonly isPaymentDue: () => boolean;
}

/** Adds the planned faults and those of all calls to the stand-in. */
export function requestFaults(
  complyCube: Pick<LocalComplyCube, 'fault'>,
  { callFaults, erasureFaults }: Pick<Plan, 'callFaults' | 'erasureFaults'>,
  { isOutage, isPaymentDue }: WholeService,
): void {
  const outage: Faults = [
    { fault: 'status', status: 503, rate: 0.5 },
    { fault: 'hang', rate: 0.5 },
    { fault: 'reset-before' },
  ];
  for (const rule of outage) complyCube.fault({ ...rule, count: null }, isOutage);
  complyCube.fault({ fault: 'status', status: 402, count: null }, isPaymentDue);
  for (const rule of erasureFaults) complyCube.fault(rule);
  for (const { clientId, rule } of callFaults) complyCube.fault(rule, (request) => request.clientId === clientId);
  for (const rule of faultsAnywhere) complyCube.fault({ ...rule, count: null });
}
