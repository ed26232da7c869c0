import type { Contestant } from '../contestants';
import { RunningContestant } from '../contestant';
import { batchOf, photoBytes } from '../events';
import { ratioRow, type Row } from '../row';
import type { Stage } from '../stage';

/** The most memory that ten large photos at once take, above what the process holds after one small photo. */
export async function measurePeakMemory(stage: Stage, rounds: number): Promise<Row[]> {
  const own: number[] = [];
  const naive: number[] = [];
  for (let round = 0; round < rounds; round++) {
    own.push((await peakOf(stage, 'own', 512)).aboveIdleMb);
    naive.push((await peakOf(stage, 'naive', 512)).aboveIdleMb);
  }
  const row = { what: 'memory above idle, ten 4 MB photos', against: 'naive', goal: 0.3 };
  return [ratioRow(row, { own, other: naive, of: 'MB' })];
}

/**
 * The most that a function of this size holds while it works on batches of ten large photos.
 * @param versionId of all the photos; left out, they come for the first time.
 */
export async function peakOf(
  stage: Stage,
  name: Contestant,
  memoryMb: number,
  versionId?: string,
): Promise<{ peakMb: number; aboveIdleMb: number }> {
  const contestant = await RunningContestant.startLoaded(stage, name, memoryMb);
  const idle = await contestant.invoke(batchOf(1, photoBytes.small));
  const { peakMb } = await contestant.invoke(batchOf(10, photoBytes.large, versionId), 3);
  await contestant.stop();
  return { peakMb, aboveIdleMb: peakMb - idle.residentMb };
}
