import type { FaultRule } from '../complycube/faults';
import type { LocalComplyCube } from '../complycube/server';
import { Draws } from './draws';
import type { PlannedPhoto } from './photo-plan';

/** A fault of a call for one client. */
export interface ClientFault {
  readonly clientId: string;
  readonly rule: FaultRule;
}

/** After these no live photo was stored. */
const faultsBefore: readonly [FaultRule, ...FaultRule[]] = [
  { fault: 'status', status: 429 },
  { fault: 'status', status: 429, retryAfter: '45' },
  { fault: 'status', status: 500 },
  { fault: 'html-502' },
  { fault: 'hang' },
  { fault: 'reset-before' },
];
/** After these it was, and the caller can't know. */
const faultsAfter: readonly [FaultRule, ...FaultRule[]] = [
  { fault: 'reset-after' },
  { fault: 'lost-answer' },
  { fault: 'status-after', status: 500 },
  { fault: 'cut-off-answer' },
  { fault: 'broken-answer' },
];

/** Draws the faults of each photo's calls: a third of all photos meet one or more. */
export function drawCallFaults(seed: number, photos: readonly PlannedPhoto[]): ClientFault[] {
  return photos.flatMap(({ clientId, key }) => {
    const draws = new Draws(seed, `calls for ${key}`);
    const uploads = draws.isHit(0.3) ? Array.from({ length: draws.oneOf([1, 1, 2, 3]) }, () => drawFault(draws)) : [];
    const lists = draws.isHit(0.15) ? [draws.oneOf(faultsBefore)] : [];
    return [
      ...uploads.map((rule): ClientFault => ({ clientId, rule: { ...rule, for: 'POST /livePhotos' } })),
      ...lists.map((rule): ClientFault => ({ clientId, rule: { ...rule, for: 'GET /livePhotos' } })),
    ];
  });
}

function drawFault(draws: Draws): FaultRule {
  return draws.oneOf(draws.isHit(0.5) ? faultsBefore : faultsAfter);
}

/**
 * Has the stand-in commit the planned faults, and an outage whenever there is one.
 * @param isOutage told anew for each call; while it is true no call is carried out.
 */
export function askForFaults(
  complyCube: LocalComplyCube,
  faults: readonly ClientFault[],
  isOutage: () => boolean,
): void {
  const outage: readonly FaultRule[] = [
    { fault: 'status', status: 503, rate: 0.5 },
    { fault: 'hang', rate: 0.5 },
    { fault: 'reset-before' },
  ];
  for (const rule of outage) complyCube.fault({ ...rule, count: null }, isOutage);
  for (const { clientId, rule } of faults) complyCube.fault(rule, (request) => request.clientId === clientId);
  // A download names no client.
  complyCube.fault({ fault: 'status', status: 500, for: 'GET /livePhotos/:id/download', rate: 0.1, count: null });
}
