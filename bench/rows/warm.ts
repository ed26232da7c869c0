import { RunningContestant } from '../contestant';
import type { Contestant } from '../contestants';
import { batchOf, photoBytes, redeliveredVersionId } from '../events';
import { ratioRow, type Row } from '../row';
import type { Setup } from '../setup';

const contestants = ['own', 'naive', 'raw', 'checks'] as const satisfies readonly Contestant[];
type WarmContestant = (typeof contestants)[number];
type Figures = Record<WarmContestant, number[]>;

/** Photos before a process counts as warm: after about this number V8 has compiled the hot code. */
const warmUpPhotos = 400;
/** Photos in a round. A round of small photos needs more of them to even out other work of the machine. */
const photosPerRound = { large: 10, small: 50 } as const;

/** Measures the CPU time of a photo in warm processes, which take turns. */
export async function measureWarmCpu(setup: Setup, rounds: number): Promise<Row[]> {
  const large = await cpuOf(setup, 'large', rounds);
  const redelivered = await cpuOf(setup, 'large', rounds, ['own', 'checks'], redeliveredVersionId);
  const small = await cpuOf(setup, 'small', rounds);
  const naive = 'naive: SDK, JSON.stringify, fetch';
  return [
    ratioRow({ what: 'CPU a photo, 4 MB', against: naive, goal: 0.45 }, large.own, large.naive),
    ratioRow(
      { what: 'CPU a photo, 4 MB', against: 'raw GET, pre-encoded POST, PUTTAG', goal: 2 },
      large.own,
      large.raw,
    ),
    ratioRow({ what: 'CPU a photo, 40 KB', against: naive, goal: 0.8 }, small.own, small.naive),
    ratioRow({ what: 'validation', against: 'CPU of a 4 MB photo', goal: 15, unit: '%' }, large.checks, large.own),
    ratioRow(
      { what: 'validation + SHA-256', against: 'CPU of a redelivered 4 MB photo', goal: 20, unit: '%' },
      redelivered.checks,
      redelivered.own,
    ),
  ];
}

/** CPU milliseconds a photo, by contestant and round. @param versionId default: a photo that is delivered the first time. */
async function cpuOf(
  setup: Setup,
  size: keyof typeof photosPerRound,
  rounds: number,
  names: readonly WarmContestant[] = contestants,
  versionId?: string,
): Promise<Figures> {
  const event = batchOf(1, photoBytes[size], versionId);
  const photos = photosPerRound[size];
  const figures: Figures = { own: [], naive: [], raw: [], checks: [] };
  const running = new Map<WarmContestant, RunningContestant>();
  for (const name of names) running.set(name, await RunningContestant.startLoaded(setup, name, 512));
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
