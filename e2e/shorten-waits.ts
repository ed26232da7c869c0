import { unknownClientReceives } from '../lambda/verdict';
import type { LocalComplyCube } from '../local/complycube/server';
import { unknownClientId } from '../local/sample-set';

/**
 * Makes `client-unknown` to be had within seconds. Before a photo is rejected for it, its message is received so often that
 * the function's own waits come to a quarter of an hour: to all but the last receive the stand-in answers 429 with
 * `Retry-After: 1`, which the function obeys.
 * @returns what a person is to know of it.
 */
export function shortenWaits(standIn: Pick<LocalComplyCube, 'fault'>): string {
  standIn.fault(
    { fault: 'status', status: 429, retryAfter: '1', count: unknownClientReceives, for: 'POST /livePhotos' },
    ({ clientId }) => clientId === unknownClientId,
  );
  return `client-unknown: the first ${unknownClientReceives} attempts get a 429 with Retry-After: 1, as the function’s own waits would take minutes`;
}
