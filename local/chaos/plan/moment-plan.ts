import { Draws } from './draws';

/** An event that affects the whole run. */
export type RunEvent =
  | { readonly what: 'kill'; readonly victims: 'one' | 'all' }
  | { readonly what: 'rotate the key'; readonly isOldRevokedFirst: boolean }
  | { readonly what: 'outage' }
  | { readonly what: 'payment due' };

/** An event that happens when a number of live photos are stored. */
export interface Moment {
  readonly afterLivePhotos: number;
  readonly runEvent: RunEvent;
}

/** Draws the events of a run in order: kills, both kinds of key rotation, an outage and a due payment. */
export function drawMoments(seed: number, photoCount: number): Moment[] {
  const draws = new Draws(seed, 'moments');
  // Deleted and rejected photos have no live photo, so no event may require live photos of all.
  const within = (from: number, to: number): number =>
    Math.max(1, draws.whole(Math.ceil(photoCount * from), Math.floor(photoCount * to)));
  const kills = Array.from({ length: Math.max(2, Math.round(photoCount / 60)) }, (): Moment => ({
    afterLivePhotos: within(0.03, 0.75),
    runEvent: { what: 'kill', victims: draws.oneOf(['one', 'one', 'all']) },
  }));
  const rotation = (afterLivePhotos: number, isOldRevokedFirst: boolean): Moment => ({
    afterLivePhotos,
    runEvent: { what: 'rotate the key', isOldRevokedFirst },
  });
  const moments: Moment[] = [
    ...kills,
    rotation(within(0.1, 0.25), false),
    { afterLivePhotos: within(0.15, 0.3), runEvent: { what: 'payment due' } },
    { afterLivePhotos: within(0.3, 0.5), runEvent: { what: 'outage' } },
    rotation(within(0.55, 0.7), true),
  ];
  return moments.sort((one, other) => one.afterLivePhotos - other.afterLivePhotos);
}
