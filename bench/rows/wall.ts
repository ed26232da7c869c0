import { RunningContestant } from '../contestant';
import { batchOf, photoBytes } from '../events';
import { ratioRow, type Row } from '../row';
import { type Distances, serialCalls, services } from '../services/network';
import type { Setup } from '../setup';
import { spreadOf } from '../statistics';

const naive = 'naive: HEAD, GET, POST, GETTAG, PUTTAG';

const distances = {
  s3: { roundTripMs: 10, bytesPerSecond: 80e6 },
  complyCube: { roundTripMs: 20, bytesPerSecond: 25e6 },
  eventBridge: { roundTripMs: 10 },
} satisfies Distances;

/** GET, POST, GETTAG, PUTTAG: the tags are read after the upload, because others may write tags during the upload. */
const serialTrips = { s3: 3, complyCube: 1 };

/** The least that the network takes for a photo that is sent while it arrives: the round trips and the upload. */
const networkMs =
  serialTrips.s3 * distances.s3.roundTripMs +
  serialTrips.complyCube * distances.complyCube.roundTripMs +
  (((photoBytes.large / 3) * 4) / distances.complyCube.bytesPerSecond) * 1000;

/** Measures the wall time of a photo with network latency, and counts the calls that follow one another. */
export async function measureWall(setup: Setup, rounds: number): Promise<Row[]> {
  const own = await RunningContestant.startLoaded(setup, 'own', 512);
  const other = await RunningContestant.startLoaded(setup, 'naive', 512);
  const large = batchOf(1, photoBytes.large);
  for (const contestant of [own, other]) await contestant.invoke(large, 10);

  await setup.setDistances(distances);
  const wallMs = { own: [] as number[], naive: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    wallMs.own.push((await own.invoke(large)).wallMs);
    wallMs.naive.push((await other.invoke(large)).wallMs);
  }
  // So far apart, calls that can run in parallel overlap also on a busy machine.
  await setup.setDistances(Object.fromEntries(services.map((service) => [service, { roundTripMs: 300 }])));
  const trips = { own: await countTrips(setup, own), naive: await countTrips(setup, other) };
  await setup.setDistances({});
  for (const contestant of [own, other]) await contestant.stop();
  return [
    ratioRow({ what: 'wall a photo, 4 MB', against: naive, goal: 0.7 }, wallMs.own, wallMs.naive),
    ratioRow(
      { what: 'wall a photo, 4 MB', against: 'network time, computed', goal: 1.15 },
      wallMs.own,
      wallMs.own.map(() => networkMs),
    ),
    {
      what: 'serial round trips a photo: GET, POST, GETTAG, PUTTAG',
      against: `naive: ${trips.naive}`,
      unit: '',
      goal: serialTrips.s3 + serialTrips.complyCube,
      measured: spreadOf([trips.own]),
    },
  ];
}

async function countTrips(setup: Setup, contestant: RunningContestant): Promise<number> {
  await setup.takeIntervals();
  await contestant.invoke(batchOf(1, photoBytes.small));
  return serialCalls(await setup.takeIntervals());
}
