import { createHash } from 'node:crypto';
import { Draws } from './draws';
import { type EventShape, drawEventShape } from './event-shapes';
import { drawSpecialCase, type RightEnd, rightEndOf, type SpecialCase } from './special-cases';

/** A photo object to upload, and what happens to it and its event. */
export interface PlannedPhoto {
  readonly key: string;
  readonly clientId: string;
  /** Identifies the bytes: photos with the same name have the same bytes. */
  readonly picture: string;
  /** Bytes. */
  readonly size: number;
  /** Whether the end of the file is missing. */
  readonly isCutOff: boolean;
  /** The app's tags. The function must preserve them. */
  readonly tags: Readonly<Record<string, string>>;
  /** The delay of each delivery of its event, in milliseconds before the run's speed is applied. */
  readonly deliveriesMs: readonly number[];
  /** The form of its event's message. */
  readonly eventShape: EventShape;
  readonly special: SpecialCase | undefined;
  readonly interference: Interference | undefined;
}

/** A change of a photo object by another program. */
export interface Interference {
  readonly what: 'hidden by a delete marker' | 'version deleted' | 'overwritten' | 'copied';
  readonly when: 'at once' | 'while it is uploaded' | 'later';
  /** The delay in milliseconds before the run's speed is applied. */
  readonly laterMs: number;
  /** The photo that overwrites it, or the copy. */
  readonly successor: PlannedPhoto | undefined;
}

/** The expected outcome of a photo. */
export function rightEnd({ isCutOff, special }: PlannedPhoto): RightEnd {
  if (isCutOff) return 'image-damaged';
  return special === undefined ? 'uploaded' : rightEndOf(special);
}

/** Only a few sizes, so that photos of one client often differ only in their bytes. The first is the smallest. */
const sizes = [34_000, 42_000, 52_000] as const;
/** Photos of these sizes are sent while they are received. The last is the largest. */
const largeSizes = [300_000, 1_200_000, 4_194_304] as const;

/** Draws all photos. The first ones do not depend on the number. */
export function drawPhotos(seed: number, count: number): PlannedPhoto[] {
  const photos: PlannedPhoto[] = [];
  for (let index = 0; index < count; index++) {
    const draws = new Draws(seed, `photo ${index}`);
    const key = `photos/${String(index).padStart(5, '0')}.jpg`;
    const own = drawPhoto(seed, key, draws);
    const special = draws.isHit(0.18) ? drawSpecialCase(draws) : undefined;
    if (special !== undefined) {
      photos.push(withSpecialCase(own, special));
      continue;
    }
    const before = photos.at(-1);
    const isAlone = before === undefined || before.special !== undefined;
    const photo = isAlone ? own : { ...own, ...drawLikeness(before, draws) };
    photos.push({ ...photo, interference: drawInterference(seed, photo, draws) });
  }
  return photos;
}

/** A photo to which nothing happens. */
export function plainPhoto(seed: number, key: string): PlannedPhoto {
  return {
    key,
    clientId: createHash('sha256').update(`client ${seed} ${key}`).digest('hex').slice(0, 24),
    picture: `${seed} ${key}`,
    size: sizes[1],
    isCutOff: false,
    tags: {},
    deliveriesMs: [0],
    eventShape: { what: 'notification' },
    special: undefined,
    interference: undefined,
  };
}

function drawPhoto(seed: number, key: string, draws: Draws): PlannedPhoto {
  const isCutOff = draws.isHit(0.04);
  const [, ...cutSizes] = sizes;
  return {
    ...plainPhoto(seed, key),
    size: draws.isHit(0.04) ? draws.oneOf(largeSizes) : draws.oneOf(isCutOff ? cutSizes : sizes),
    isCutOff,
    tags: draws.isHit(0.3) ? { team: draws.oneOf(['onboarding', 'renewals']) } : {},
    deliveriesMs: Array.from({ length: draws.oneOf([1, 1, 1, 1, 2, 3]) }, () => drawLatenessMs(draws)),
    eventShape: drawEventShape(draws),
  };
}

function withSpecialCase(photo: PlannedPhoto, special: SpecialCase): PlannedPhoto {
  const tagCount = special.what === 'full tag set' ? special.tagCount : 0;
  const tags = Object.fromEntries(Array.from({ length: tagCount }, (_, at) => [`app-tag-${at}`, 'set']));
  return { ...photo, special, isCutOff: false, tags: tagCount > 0 ? tags : photo.tags };
}

/** What a photo shares with the previous one, if anything: the client, the picture, or both. */
function drawLikeness(before: PlannedPhoto, draws: Draws): Partial<PlannedPhoto> {
  const { clientId, picture, size, isCutOff } = before;
  const likeness = draws.weighted({ nothing: 15, client: 3, both: 1, picture: 1 });
  return {
    ...((likeness === 'client' || likeness === 'both') && { clientId }),
    ...((likeness === 'picture' || likeness === 'both') && { picture, size, isCutOff }),
  };
}

/** Usually none, sometimes a minute or more (S3 user guide, "Amazon S3 Event Notifications"). */
function drawLatenessMs(draws: Draws): number {
  return draws.isHit(0.3) ? draws.whole(0, 180_000) : 0;
}

function drawInterference(seed: number, photo: PlannedPhoto, draws: Draws): Interference | undefined {
  if (!draws.isHit(0.18)) return undefined;
  const what = draws.oneOf(['hidden by a delete marker', 'version deleted', 'overwritten', 'overwritten', 'copied']);
  return {
    what,
    when: draws.oneOf(['at once', 'while it is uploaded', 'later']),
    laterMs: draws.whole(0, 600_000),
    successor: drawSuccessor(seed, what, photo, draws),
  };
}

function drawSuccessor(
  seed: number,
  what: Interference['what'],
  photo: PlannedPhoto,
  draws: Draws,
): PlannedPhoto | undefined {
  const { key, clientId, picture, size, isCutOff, tags } = photo;
  if (what === 'overwritten')
    return { ...drawPhoto(seed, key, draws), clientId, picture: `${seed} ${key}, overwritten` };
  if (what !== 'copied') return undefined;
  return { ...drawPhoto(seed, `copies/${key}`, draws), clientId, picture, size, isCutOff, tags };
}

/** Counts special cases. */
export function countSpecialPhotos(photos: readonly PlannedPhoto[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { special, isCutOff, size } of photos) {
    const names = [special?.what, isCutOff && 'cut off', size >= largeSizes[0] && 'large'].filter(
      (name) => typeof name === 'string',
    );
    for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
