import { abortOnInterrupt, runCommand } from '../../cli/terminal/command';
import { paintFor } from '../paint';
import { RunProgress } from '../run-progress';
import { drainHelp, parseDrainArguments } from './drain-arguments';
import { hasReachedGoals, renderDrain } from './drain-figures';
import { drain } from './drain-run';

const exitStatus = { reached: 0, missed: 1 } as const;

async function main(words: readonly string[]): Promise<number> {
  const options = parseDrainArguments(words);
  if (options === 'help') {
    console.log(drainHelp);
    return exitStatus.reached;
  }
  const { isJson, ...settings } = options;
  const { photos, requestsPerSecond, concurrency } = settings;
  if (!isJson) {
    console.log(
      `Draining ${photos} photos at ${requestsPerSecond} requests a second with a concurrency of ${concurrency}:`,
    );
  }
  const progress = new RunProgress(photos, 'photos');
  const figures = await drain(settings, { onProgress: progress.update, signal: abortOnInterrupt() }).finally(() => {
    progress.clear();
  });
  console.log(
    isJson ? JSON.stringify({ ...settings, ...figures }, null, 2) : renderDrain(figures, paintFor(process.stdout)),
  );
  return figures.livePhotos === photos && hasReachedGoals(figures) ? exitStatus.reached : exitStatus.missed;
}

void runCommand(main);
