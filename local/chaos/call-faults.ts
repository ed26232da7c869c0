import type { FaultRule } from 'complycube-stand-in/faults';
import type { LocalComplyCube } from 'complycube-stand-in/server';
import { Draws } from './draws';
import type { PlannedPhoto } from './photo-plan';

/** A fault of a call for one client. */
export interface ClientFault {
  readonly clientId: string;
  readonly rule: FaultRule;
}

type Faults = readonly [FaultRule, ...FaultRule[]];

const longAgo = 'Wed, 21 Oct 2015 07:28:00 GMT';

/** After these no live photo was stored, and the next attempt may succeed. */
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
/** After these it was, and the caller can't know. */
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

/** At every call, each with its chance: answers that are odd but valid, and downloads that must not be believed. */
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

/** Refusals that the function counts: at the fifth one it may reject the photo. */
const countedStatuses: readonly unknown[] = [400, 404, 405, 409, 415, 451];
const mostCounted = 4;

/** Draws the faults of each photo's calls: a third of all photos have at least one. */
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

/** What happens to every call, for as long as it is true. */
export interface WholeService {
  readonly isOutage: () => boolean;
  readonly isPaymentDue: () => boolean;
}

/** Requests the planned faults from the stand-in, and those of every call. */
export function requestFaults(
  complyCube: Pick<LocalComplyCube, 'fault'>,
  faults: readonly ClientFault[],
  { isOutage, isPaymentDue }: WholeService,
): void {
  const outage: Faults = [
    { fault: 'status', status: 503, rate: 0.5 },
    { fault: 'hang', rate: 0.5 },
    { fault: 'reset-before' },
  ];
  for (const rule of outage) complyCube.fault({ ...rule, count: null }, isOutage);
  complyCube.fault({ fault: 'status', status: 402, count: null }, isPaymentDue);
  for (const { clientId, rule } of faults) complyCube.fault(rule, (request) => request.clientId === clientId);
  for (const rule of faultsAnywhere) complyCube.fault({ ...rule, count: null });
}
