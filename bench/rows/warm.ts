import type { Contestant } from '../contestants';
import { RunningContestant } from '../contestant';
import { batchOf, photoBytes, redeliveredVersionId } from '../events';
import { ratioRow, type Row } from '../row';
import type { Stage } from '../stage';

const contestants = ['own', 'naive', 'raw', 'checks'] as const satisfies readonly Contestant[];
type WarmContestant = (typeof contestants)[number];
type Figures = Record<WarmContestant, number[]>;

/** How many photos a process has done before it counts as warm: until about here V8 still compiles what runs often. */
const warmUpPhotos = 400;
/** The smaller a photo, the more of them even out what the machine does besides. */
const photosARound = { large: 10, small: 50 } as const;

/** What a photo costs in CPU once everything is warm, the contestants taking turns. */
export async function measureWarmCpu(stage: Stage, rounds: number): Promise<Row[]> {
  const large = await cpuOf(stage, 'large', rounds);
  const redelivered = await cpuOf(stage, 'large', rounds, ['own', 'checks'], redeliveredVersionId);
  const small = await cpuOf(stage, 'small', rounds);
  const naive = 'naive: SDK, JSON.stringify, fetch';
  return [
    ratioRow(
      { what: 'CPU a photo, 4 MB', against: naive, goal: 0.45 },
      { own: large.own, other: large.naive, of: 'ms' },
    ),
    ratioRow(
      { what: 'CPU a photo, 4 MB', against: 'raw GET, pre-encoded POST, PUTTAG', goal: 2 },
      { own: large.own, other: large.raw, of: 'ms' },
    ),
    ratioRow(
      { what: 'CPU a photo, 40 KB', against: naive, goal: 0.8 },
      { own: small.own, other: small.naive, of: 'ms' },
    ),
    ratioRow(
      { what: 'validation', against: 'CPU of a 4 MB photo', goal: 15, unit: '%' },
      { own: large.checks, other: large.own, of: 'ms' },
    ),
    ratioRow(
      { what: 'validation + SHA-256', against: 'CPU of a 4 MB photo that comes again', goal: 20, unit: '%' },
      { own: redelivered.checks, other: redelivered.own, of: 'ms' },
    ),
  ];
}

/** CPU milliseconds a photo, by contestant and round. @param versionId left out: the photo comes for the first time. */
async function cpuOf(
  stage: Stage,
  size: keyof typeof photosARound,
  rounds: number,
  names: readonly WarmContestant[] = contestants,
  versionId?: string,
): Promise<Figures> {
  const event = batchOf(1, photoBytes[size], versionId);
  const photos = photosARound[size];
  const figures: Figures = { own: [], naive: [], raw: [], checks: [] };
  const running = new Map<WarmContestant, RunningContestant>();
  for (const name of names) running.set(name, await RunningContestant.startLoaded(stage, name, 512));
  for (const contestant of running.values()) await contestant.invoke(event, warmUpPhotos);
  for (let round = 0; round < rounds; round++) {
    for (const [name, contestant] of running) {
      const { cpuMs } = await contestant.invoke(event, photos);
      figures[name].push(cpuMs / photos);
    }
  }
  for (const contestant of running.values()) await contestant.stop();
  return figures;
}
