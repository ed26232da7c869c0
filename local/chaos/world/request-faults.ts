import type { FaultRule } from 'complycube-stand-in/faults';
import type { LocalComplyCube } from 'complycube-stand-in/server';
import type { ClientFault, Faults } from '../plan/call-faults';

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
