import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { abortOnInterrupt, runCommand } from '../../cli/terminal/command';
import { paintFor } from '../paint';
import { type DrainArguments, drainHelp, parseDrainArguments } from './drain-arguments';
import { type DrainFigures, hasReachedGoals } from './drain-figures';
import { renderDrain } from './drain-report';
import { drain } from './drain-run';

const exitStatus = { reached: 0, missed: 1 } as const;

async function main(words: readonly string[]): Promise<number> {
  const asked = parseDrainArguments(words);
  if (asked === 'help') {
    console.log(drainHelp);
    return exitStatus.reached;
  }
  const { isJson, ...settings } = asked;
  const { photos, requestsPerSecond, concurrency } = settings;
  if (!isJson) {
    console.log(`Draining ${photos} photos at ${requestsPerSecond} a second with a concurrency of ${concurrency}:`);
  }
  const figures = await measure(asked);
  console.log(
    isJson ? JSON.stringify({ ...settings, ...figures }, null, 2) : renderDrain(figures, paintFor(process.stdout)),
  );
  return figures.livePhotos === photos && hasReachedGoals(figures) ? exitStatus.reached : exitStatus.missed;
}

async function measure(asked: DrainArguments): Promise<DrainFigures> {
  const signal = abortOnInterrupt();
  const folder = mkdtempSync(join(tmpdir(), 'live-photos-'));
  const clearLine = process.stderr.isTTY ? '\r\u001B[K' : undefined;
  const onProgress = (livePhotos: number): void => {
    if (clearLine !== undefined) process.stderr.write(`${clearLine}${livePhotos} of ${asked.photos} live photos`);
  };
  try {
    return await drain(asked, { folder: join(folder, 'cdk.out'), onProgress, signal });
  } finally {
    if (clearLine !== undefined) process.stderr.write(clearLine);
    rmSync(folder, { recursive: true });
  }
}

void runCommand(main);
