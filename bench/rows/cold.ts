import { RunningContestant } from '../contestant';
import { batchOf, photoBytes } from '../events';
import { ratioRow, type Row } from '../row';
import type { Stage } from '../stage';
import { spreadOf } from '../statistics';
import { zipBytes } from '../zip-size';

const contestants = ['own', 'ownDefault', 'typical'] as const;

/**
 * Starts the function anew, again and again: until it is ready, and until its first photo is done. In CPU, because Lambda gives
 * a part of one: what runs beside on a second one here, it would have to wait for there.
 */
export async function measureColdStarts(stage: Stage, rounds: number): Promise<Row[]> {
  const readyMs = { own: [] as number[], ownDefault: [] as number[], typical: [] as number[] };
  const firstPhotoMs = { own: [] as number[], ownDefault: [] as number[], typical: [] as number[] };
  const openedFiles: number[] = [];
  // The first round fills the page cache: it is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const contestant of contestants) {
      const running = RunningContestant.start(stage, 512);
      const ready = await running.load(stage.bundles[contestant]);
      const first = await running.invoke(batchOf(1, photoBytes.small));
      await running.stop();
      if (round === 0) continue;
      readyMs[contestant].push(ready.cpuMs);
      firstPhotoMs[contestant].push(ready.cpuMs + first.cpuMs);
      if (contestant === 'own') openedFiles.push(ready.openedFiles);
    }
  }
  const typical = 'typical handler, default CDK bundle';
  return [
    ratioRow(
      { what: 'CPU until the function is ready', against: typical, goal: 0.2 },
      { own: readyMs.own, other: readyMs.typical, of: 'ms' },
    ),
    ratioRow(
      { what: 'CPU until the function is ready', against: 'own code, default CDK bundle', goal: 0.35 },
      { own: readyMs.own, other: readyMs.ownDefault, of: 'ms' },
    ),
    ratioRow(
      { what: 'CPU until ready, and a first 40 KB photo', against: typical, goal: 0.35 },
      { own: firstPhotoMs.own, other: firstPhotoMs.typical, of: 'ms' },
    ),
    {
      what: 'deployed zip',
      against: '',
      unit: 'KB',
      goal: 400,
      measured: spreadOf([zipBytes([stage.bundles.own]) / 1000]),
    },
    { what: 'opened files', against: '', unit: '', goal: 3, measured: spreadOf(openedFiles) },
  ];
}
