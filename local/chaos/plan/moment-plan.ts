import { Draws } from './draws';

/** What happens to everything at once. */
export type Happening =
  | { readonly what: 'kill'; readonly victims: 'one' | 'all' }
  | { readonly what: 'rotate the key'; readonly isOldRevokedFirst: boolean }
  | { readonly what: 'outage' }
  | { readonly what: 'payment due' };

/** When something happens: as soon as so many live photos are stored. */
export interface Moment {
  readonly afterLivePhotos: number;
  readonly happening: Happening;
}

/** Draws a run's moments, in their order: kills at any time, both kinds of key rotation, an outage, and a payment that is due. */
export function drawMoments(seed: number, photoCount: number): Moment[] {
  const draws = new Draws(seed, 'moments');
  // Photos that are deleted or rejected make no live photo, so no moment may wait for all of them.
  const within = (from: number, to: number): number =>
    Math.max(1, draws.whole(Math.ceil(photoCount * from), Math.floor(photoCount * to)));
  const kills = Array.from({ length: Math.max(2, Math.round(photoCount / 60)) }, (): Moment => {
    return {
      afterLivePhotos: within(0.03, 0.75),
      happening: { what: 'kill', victims: draws.oneOf(['one', 'one', 'all']) },
    };
  });
  const rotation = (afterLivePhotos: number, isOldRevokedFirst: boolean): Moment => {
    return { afterLivePhotos, happening: { what: 'rotate the key', isOldRevokedFirst } };
  };
  const moments: Moment[] = [
    ...kills,
    rotation(within(0.1, 0.25), false),
    { afterLivePhotos: within(0.15, 0.3), happening: { what: 'payment due' } },
    { afterLivePhotos: within(0.3, 0.5), happening: { what: 'outage' } },
    rotation(within(0.55, 0.7), true),
  ];
  return moments.sort((one, other) => one.afterLivePhotos - other.afterLivePhotos);
}
