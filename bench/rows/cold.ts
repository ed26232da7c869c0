import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RunningContestant } from '../contestant';
import { batchOf, photoBytes } from '../events';
import { ratioRow, type Row } from '../row';
import type { Stage } from '../stage';
import { spreadOf } from '../statistics';
import { zipBytes } from '../zip-size';

const contestants = ['own', 'ownDefault', 'cached', 'typical'] as const;

/**
 * Starts the function anew, again and again: until it is ready, and until its first photo is done. The first by the clock, because
 * Lambda, as far as is known, initialises a function with a whole CPU; the second in CPU, of which it gives an invocation a part: what runs
 * beside on a second one here, it would have to wait for there.
 */
export async function measureColdStarts(stage: Stage, rounds: number): Promise<Row[]> {
  const readyMs = emptyFigures();
  const firstPhotoMs = emptyFigures();
  // The first round fills the page cache and makes the code cache: it is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const contestant of contestants) {
      const running = RunningContestant.start(stage, 512);
      const ready = await running.load(stage.bundles[contestant]);
      const first = await running.invoke(batchOf(1, photoBytes.small));
      await running.stop();
      if (round === 0) continue;
      readyMs[contestant].push(ready.wallMs);
      firstPhotoMs[contestant].push(ready.cpuMs + first.cpuMs);
    }
  }
  const folder = dirname(stage.bundles.own);
  const deployed = readdirSync(folder).map((name) => join(folder, name));
  const typical = 'typical handler, default CDK bundle';
  return [
    ratioRow(
      { what: 'time until the function is ready', against: typical, goal: 0.2 },
      { own: readyMs.own, other: readyMs.typical, of: 'ms' },
    ),
    ratioRow(
      { what: 'time until the function is ready', against: 'own code, default CDK bundle', goal: 0.35 },
      { own: readyMs.own, other: readyMs.ownDefault, of: 'ms' },
    ),
    ratioRow(
      { what: 'CPU until a first 40 KB photo is done', against: typical, goal: 0.35 },
      { own: firstPhotoMs.own, other: firstPhotoMs.typical, of: 'ms' },
    ),
    ratioRow(
      { what: 'if it had a code cache: time until ready', against: typical },
      { own: readyMs.cached, other: readyMs.typical, of: 'ms' },
    ),
    ratioRow(
      { what: 'if it had a code cache: CPU of a first photo', against: typical },
      { own: firstPhotoMs.cached, other: firstPhotoMs.typical, of: 'ms' },
    ),
    {
      what: 'deployed zip',
      against: '',
      unit: 'KB',
      goal: 400,
      measured: spreadOf([zipBytes(deployed) / 1000]),
    },
    { what: 'deployed files', against: '', unit: '', goal: 3, measured: spreadOf([deployed.length]) },
  ];
}

function emptyFigures(): Record<(typeof contestants)[number], number[]> {
  return { own: [], ownDefault: [], cached: [], typical: [] };
}
