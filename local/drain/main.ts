import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paintFor } from '../paint';
import { UsageError } from '../start-arguments';
import { type DrainArguments, drainHelp, parseDrainArguments } from './drain-arguments';
import { type DrainFigures, hasReachedGoals } from './drain-figures';
import { renderDrain } from './drain-report';
import { drain } from './drain-run';

const exitStatus = { reached: 0, missed: 1, usage: 2 } as const;

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
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      interruption.abort();
    });
  }
  const folder = mkdtempSync(join(tmpdir(), 'live-photos-'));
  const clearLine = process.stderr.isTTY ? '\r\u001B[K' : undefined;
  const onProgress = (livePhotos: number): void => {
    if (clearLine !== undefined) process.stderr.write(`${clearLine}${livePhotos} of ${asked.photos} live photos`);
  };
  try {
    return await drain(asked, { folder: join(folder, 'cdk.out'), onProgress, signal: interruption.signal });
  } finally {
    if (clearLine !== undefined) process.stderr.write(clearLine);
    rmSync(folder, { recursive: true });
  }
}

// Node's age is this machine's matter: the deployed function runs on a newer one.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    const isUsage = error instanceof UsageError;
    console.error(isUsage ? error.message : error);
    process.exitCode = isUsage ? exitStatus.usage : exitStatus.missed;
  },
);
