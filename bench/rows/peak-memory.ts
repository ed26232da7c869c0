import type { Contestant } from '../contestants';
import { RunningContestant } from '../contestant';
import { batchOf, photoBytes } from '../events';
import { ratioRow, type Row } from '../row';
import type { Setup } from '../setup';

/** Measures the peak memory with ten large photos at once, minus the memory after one small photo. */
export async function measurePeakMemory(setup: Setup, rounds: number): Promise<Row[]> {
  const own: number[] = [];
  const naive: number[] = [];
  for (let round = 0; round < rounds; round++) {
    own.push((await peakOf(setup, 'own', 512)).aboveIdleMb);
    naive.push((await peakOf(setup, 'naive', 512)).aboveIdleMb);
  }
  return [ratioRow({ what: 'memory above idle, ten 4 MB photos', against: 'naive', goal: 0.3, of: 'MB' }, own, naive)];
}

/**
 * Measures the peak memory while batches of ten large photos are processed.
 * @param versionId of all photos; default: photos that are delivered the first time.
 */
export async function peakOf(
  setup: Setup,
  name: Contestant,
  memoryMb: number,
  versionId?: string,
): Promise<{ peakMb: number; aboveIdleMb: number }> {
  const contestant = await RunningContestant.startLoaded(setup, name, memoryMb);
  const idle = await contestant.invoke(batchOf(1, photoBytes.small));
  const { peakMb } = await contestant.invoke(batchOf(10, photoBytes.large, versionId), 3);
  await contestant.stop();
  return { peakMb, aboveIdleMb: peakMb - idle.residentMb };
}
