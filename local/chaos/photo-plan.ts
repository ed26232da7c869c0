import { createHash } from 'node:crypto';
import { Draws } from './draws';

/** A photo object to put, and what happens to it and to its event. */
export interface PlannedPhoto {
  readonly key: string;
  readonly clientId: string;
  /** Names the bytes: two photos of one name have the same. */
  readonly picture: string;
  /** Bytes. */
  readonly size: number;
  /** Whether it is cut off, so that it must be rejected. */
  readonly isCutOff: boolean;
  /** What the app tags it with: to be kept. */
  readonly tags: Readonly<Record<string, string>>;
  /** For each time that S3 delivers its event, how late; in milliseconds before the run's speed. */
  readonly deliveriesMs: readonly number[];
  readonly interference: Interference | undefined;
}

/** What somebody does to a photo object under way. */
export interface Interference {
  readonly what: 'hidden by a delete marker' | 'version deleted' | 'overwritten';
  readonly when: 'at once' | 'while it is uploaded' | 'later';
  /** How much later, in milliseconds before the run's speed. */
  readonly laterMs: number;
  /** The photo that overwrites it. */
  readonly successor: PlannedPhoto | undefined;
}

/** Few, so that photos of one client are often of the same size: only their bytes tell them apart. */
const sizes = [36_000, 42_000, 52_000] as const;

/** Draws all photos; the first ones are the same whatever the number. */
export function drawPhotos(seed: number, count: number): PlannedPhoto[] {
  const photos: PlannedPhoto[] = [];
  for (let index = 0; index < count; index++) {
    const draws = new Draws(seed, `photo ${index}`);
    const before = photos.at(-1);
    const isTwin = draws.isHit(0.04);
    const isSibling = draws.isHit(0.15);
    const own = drawPhoto(seed, `photos/${String(index).padStart(5, '0')}.jpg`, draws);
    const shared = before !== undefined && (isTwin || isSibling) ? { clientId: before.clientId } : {};
    const { picture, size, isCutOff } = isTwin && before !== undefined ? before : own;
    const photo = { ...own, ...shared, picture, size, isCutOff };
    photos.push({ ...photo, interference: drawInterference(seed, photo, draws) });
  }
  return photos;
}

function drawPhoto(seed: number, key: string, draws: Draws): PlannedPhoto {
  return {
    key,
    clientId: createHash('sha256').update(`client ${seed} ${key}`).digest('hex').slice(0, 24),
    picture: `${seed} ${key}`,
    size: draws.oneOf(sizes),
    isCutOff: draws.isHit(0.04),
    tags: draws.isHit(0.3) ? { team: draws.oneOf(['onboarding', 'renewals']) } : {},
    deliveriesMs: Array.from({ length: draws.oneOf([1, 1, 1, 1, 2, 3]) }, () => drawLatenessMs(draws)),
    interference: undefined,
  };
}

/** Usually at once, at times a minute or more (S3's user guide, "Amazon S3 Event Notifications"). */
function drawLatenessMs(draws: Draws): number {
  return draws.isHit(0.3) ? draws.whole(0, 180_000) : 0;
}

function drawInterference(seed: number, photo: PlannedPhoto, draws: Draws): Interference | undefined {
  if (!draws.isHit(0.15)) return undefined;
  const what = draws.oneOf(['hidden by a delete marker', 'version deleted', 'overwritten', 'overwritten']);
  const { key, clientId } = photo;
  const successor: PlannedPhoto = { ...drawPhoto(seed, key, draws), clientId, picture: `${seed} ${key}, overwritten` };
  return {
    what,
    when: draws.oneOf(['at once', 'while it is uploaded', 'later']),
    laterMs: draws.whole(0, 600_000),
    successor: what === 'overwritten' ? successor : undefined,
  };
}
