import { abortOnInterrupt, runCommand } from '../../cli/terminal/command';
import { printFitted } from '../../cli/terminal/terminal';
import { paintFor } from '../paint';
import { RunProgress } from '../run-progress';
import { drainHelp, parseDrainArguments } from './drain-arguments';
import type { DrainSettings } from './drain-figures';
import { goalsOf, judge } from './drain-goals';
import { drain, drainTimeoutSeconds } from './drain-run';
import { renderDrain } from './render-drain';
import { runSimulations } from './simulate/main';

const exitStatus = { reached: 0, missed: 1 } as const;

async function main(words: readonly string[]): Promise<number> {
  const options = parseDrainArguments(words);
  if (options === 'help') {
    printFitted(drainHelp);
    return exitStatus.reached;
  }
  const { isJson, tooFewPhotos, ...settings } = options;
  if (!isJson) printFitted(describe(settings, tooFewPhotos));
  const progress = new RunProgress(settings.photos, 'photos');
  const figures = await drain(settings, { onProgress: progress.update, signal: abortOnInterrupt() }).finally(() => {
    progress.clear();
  });
  const goals = goalsOf(settings);
  if (isJson) {
    const functionTimeoutSeconds = drainTimeoutSeconds(settings);
    console.log(JSON.stringify({ ...settings, functionTimeoutSeconds, ...figures }, null, 2));
  } else printFitted(renderDrain(figures, goals, paintFor(process.stdout)));
  const isReached = Object.values(judge(figures, goals)).every(Boolean);
  return figures.livePhotos === settings.photos && isReached ? exitStatus.reached : exitStatus.missed;
}

function describe(settings: DrainSettings, tooFewPhotos: number | undefined): string {
  const { photos, photoBytes, requestsPerSecond, vendorLimit, vendorBlockSeconds, concurrency, latencyMs } = settings;
  const block = vendorBlockSeconds > 0 ? `, and a block of ${vendorBlockSeconds} s after a call too many` : '';
  const vendor = vendorLimit < requestsPerSecond || block !== '' ? `\nComplyCube allows ${vendorLimit}${block}.` : '';
  const few =
    tooFewPhotos === undefined ? '' : `${tooFewPhotos} photos are too few to end an invocation: using ${photos}.\n`;
  return `${few}Draining ${photos} photos of ${photoBytes / 1000} KB at ${requestsPerSecond} requests a second with a concurrency of ${concurrency}.
ComplyCube answers within ${latencyMs / 1000} to ${(latencyMs * 1.5) / 1000} s.${vendor}
The function’s timeout is ${drainTimeoutSeconds(settings)} s, so that each environment ends an invocation meanwhile.`;
}

void runCommand((words) => (words.includes('--simulate') ? runSimulations(words) : main(words)));
