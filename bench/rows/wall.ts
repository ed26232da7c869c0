import { RunningContestant } from '../contestant';
import { batchOf, photoBytes } from '../events';
import { ratioRow, type Row } from '../row';
import type { Stage } from '../stage';
import { spreadOf } from '../statistics';
import { type Distances, serialCalls } from '../world/network';

const naive = 'naive: HEAD, GET, POST, GETTAG, PUTTAG';

const distances = {
  s3: { roundTripMs: 10, bytesPerSecond: 80e6 },
  complyCube: { roundTripMs: 20, bytesPerSecond: 25e6 },
  eventBridge: { roundTripMs: 10 },
} satisfies Distances;

/** What the network alone takes for a photo that is sent on while it arrives: the first byte, the upload, the tag. */
const networkMs =
  2 * distances.s3.roundTripMs +
  distances.complyCube.roundTripMs +
  (((photoBytes.large / 3) * 4) / distances.complyCube.bytesPerSecond) * 1000;

/** How long a photo takes with S3 and ComplyCube at a distance, and how many calls have to follow one another. */
export async function measureWall(stage: Stage, rounds: number): Promise<Row[]> {
  const own = await RunningContestant.startLoaded(stage, 'own', 512);
  const other = await RunningContestant.startLoaded(stage, 'naive', 512);
  const large = batchOf(1, photoBytes.large);
  for (const contestant of [own, other]) await contestant.invoke(large, 10);

  await stage.setDistances(distances);
  const wallMs = { own: [] as number[], naive: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    wallMs.own.push((await own.invoke(large)).wallMs);
    wallMs.naive.push((await other.invoke(large)).wallMs);
  }
  const trips = { own: await tripsOf(stage, own), naive: await tripsOf(stage, other) };
  await stage.setDistances({});
  for (const contestant of [own, other]) await contestant.stop();
  return [
    ratioRow(
      { what: 'wall a photo, 4 MB', against: naive, goal: 0.7 },
      { own: wallMs.own, other: wallMs.naive, of: 'ms' },
    ),
    ratioRow(
      { what: 'wall a photo, 4 MB', against: 'what the network takes, computed', goal: 1.15 },
      { own: wallMs.own, other: wallMs.own.map(() => networkMs), of: 'ms' },
    ),
    {
      what: 'serial round trips a photo',
      against: `naive: ${trips.naive}`,
      unit: '',
      goal: 3,
      measured: spreadOf([trips.own]),
    },
  ];
}

async function tripsOf(stage: Stage, contestant: RunningContestant): Promise<number> {
  await stage.takeIntervals();
  await contestant.invoke(batchOf(1, photoBytes.small));
  return serialCalls(await stage.takeIntervals());
}
