import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { zipBytes } from '../../build/zip-size';
import { RunningContestant } from '../contestant';
import { batchOf, photoBytes } from '../events';
import { ratioRow, type Row } from '../row';
import type { Setup } from '../setup';
import { spreadOf } from '../statistics';

const contestants = ['own', 'ownDefault', 'typical'] as const;

/**
 * Measures cold starts: the wall time until the handler is loaded, and the CPU time until the first photo is done. CPU time, because
 * Lambda gives an invocation only a part of a CPU: work that runs in parallel here would run one after another there.
 */
export async function measureColdStarts(setup: Setup, rounds: number): Promise<Row[]> {
  const figures = (): Record<(typeof contestants)[number], number[]> => ({ own: [], ownDefault: [], typical: [] });
  const readyMs = figures();
  const firstPhotoMs = figures();
  // Round 0 fills the page cache and is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const contestant of contestants) {
      const running = RunningContestant.start(setup, 512);
      const ready = await running.load(setup.bundles[contestant]);
      const first = await running.invoke(batchOf(1, photoBytes.small));
      await running.stop();
      if (round === 0) continue;
      readyMs[contestant].push(ready.wallMs);
      firstPhotoMs[contestant].push(ready.cpuMs + first.cpuMs);
    }
  }
  const folder = dirname(setup.bundles.own);
  const deployed = readdirSync(folder).map((name) => join(folder, name));
  const typical = 'typical handler, default CDK bundle';
  return [
    ratioRow({ what: 'time until the function is ready', against: typical, goal: 0.2 }, readyMs.own, readyMs.typical),
    ratioRow(
      { what: 'time until the function is ready', against: 'own code, default CDK bundle', goal: 0.35 },
      readyMs.own,
      readyMs.ownDefault,
    ),
    ratioRow(
      { what: 'CPU until a first 40 KB photo is done', against: typical, goal: 0.35 },
      firstPhotoMs.own,
      firstPhotoMs.typical,
    ),
    { what: 'deployed zip', against: '', unit: 'KB', goal: 400, measured: spreadOf([zipBytes(deployed) / 1000]) },
  ];
}
