import type { FaultRule } from 'complycube-stand-in/faults';
import { Draws } from './draws';
import type { PlannedPhoto } from './photo-plan';

/** A fault of a call about one client. */
export interface ClientFault {
  readonly clientId: string;
  readonly rule: FaultRule;
}

/** At least one fault. */
export type Faults = readonly [FaultRule, ...FaultRule[]];

const longAgo = 'Wed, 21 Oct 2015 07:28:00 GMT';

/** After these faults, no live photo is stored. The next attempt can succeed. */
const faultsBefore: Faults = [
  { fault: 'status', status: 429 },
  { fault: 'status', status: 429, retryAfter: '0' },
  { fault: 'status', status: 429, retryAfter: '1' },
  { fault: 'status', status: 429, retryAfter: '45' },
  { fault: 'status', status: 429, retryAfter: longAgo },
  { fault: 'status', status: 429, retryAfter: '36000' },
  { fault: 'status', status: 500 },
  { fault: 'status', status: 503, retryAfter: '1' },
  { fault: 'status', status: 402 },
  { fault: 'status', status: 403 },
  { fault: 'status', status: 400 },
  { fault: 'status', status: 405 },
  { fault: 'status', status: 408 },
  { fault: 'status', status: 409 },
  { fault: 'status', status: 415 },
  { fault: 'status', status: 425 },
  { fault: 'status', status: 451 },
  { fault: 'status', status: 404, message: 'No such route' },
  { fault: 'html-502' },
  { fault: 'hang' },
  { fault: 'reset-before' },
  { fault: 'switching-protocols' },
];
/** After these faults, the live photo is stored, but the caller can't know. */
const faultsAfter: Faults = [
  { fault: 'reset-after' },
  { fault: 'lost-answer' },
  { fault: 'status-after', status: 500 },
  { fault: 'status-after', status: 504 },
  { fault: 'cut-off-answer' },
  { fault: 'broken-answer' },
  { fault: 'other-client-id' },
  { fault: 'other-size' },
  { fault: 'extra-answer' },
];
const listFaults: Faults = [...faultsBefore, { fault: 'other-clients-items' }, { fault: 'broken-answer' }];

/** Refusals that the function counts. It can reject the photo at the fifth one. */
const countedStatuses: readonly unknown[] = [400, 404, 405, 409, 415, 451];
const mostCounted = 4;

/** Draws the faults of the calls that delete live photos, in order. Half of all erasures have one. */
export function drawErasureFaults(seed: number, photos: readonly PlannedPhoto[]): FaultRule[] {
  return photos.flatMap(({ key, special }) => {
    if (special?.what !== 'erased') return [];
    const draws = new Draws(seed, `erasure of ${key}`);
    const rule = (faults: Faults, call: FaultRule['for']) =>
      draws.isHit(0.5) ? [{ ...draws.oneOf(faults), for: call }] : [];
    return [
      ...rule(faultsBefore, 'GET /livePhotos/:id'),
      ...rule(draws.isHit(0.5) ? faultsBefore : faultsAfter, 'DELETE /livePhotos/:id'),
    ] as FaultRule[];
  });
}

/** Draws the faults of each photo's calls. One third of all photos have at least one. */
export function drawCallFaults(seed: number, photos: readonly PlannedPhoto[]): ClientFault[] {
  const counts = new Map<string, number>();
  return drawAll(seed, photos).filter(({ clientId, rule: { status } }) => {
    if (!countedStatuses.includes(status)) return true;
    const count = (counts.get(clientId) ?? 0) + 1;
    counts.set(clientId, count);
    return count <= mostCounted;
  });
}

function drawAll(seed: number, photos: readonly PlannedPhoto[]): ClientFault[] {
  return photos.flatMap(({ clientId, key }) => {
    const draws = new Draws(seed, `calls for ${key}`);
    const uploads = draws.isHit(0.3) ? Array.from({ length: draws.oneOf([1, 1, 2, 3]) }, () => drawFault(draws)) : [];
    const lists = draws.isHit(0.15) ? [draws.oneOf(listFaults)] : [];
    return [
      ...uploads.map((rule): ClientFault => ({ clientId, rule: { ...rule, for: 'POST /livePhotos' } })),
      ...lists.map((rule): ClientFault => ({ clientId, rule: { ...rule, for: 'GET /livePhotos' } })),
    ];
  });
}

function drawFault(draws: Draws): FaultRule {
  return draws.oneOf(draws.isHit(0.5) ? faultsBefore : faultsAfter);
}
