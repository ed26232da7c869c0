import { closeSync, openSync, writeFileSync } from 'node:fs';
import { UsageError } from '../../../cli/command-error';
import { abortOnInterrupt } from '../../../cli/terminal/command';
import { printFitted } from '../../../cli/terminal/terminal';
import { paintFor } from '../../paint';
import { RunProgress } from '../../run-progress';
import { drawSimulation } from './draw-simulation';
import { isComplete, renderSimulation } from './render-simulation';
import { simulate } from './simulate';
import { parseSimulateArguments, simulateHelp } from './simulate-arguments';
import { describeSimulation, type SimulationResult } from './simulation-result';

const exitStatus = { complete: 0, incomplete: 1 } as const;

/** Runs `npm run drain -- --simulate`. @returns the exit status. */
export async function runSimulations(words: readonly string[]): Promise<number> {
  const options = parseSimulateArguments(words);
  if (options === 'help') {
    printFitted(simulateHelp);
    return exitStatus.complete;
  }
  const { settings, scenarios, chartPath, isJson } = options;
  if (chartPath !== undefined) ensureWritable(chartPath);
  const signal = abortOnInterrupt();
  const results: SimulationResult[] = [];
  for (const scenario of scenarios) {
    // A terminal shows the progress.
    if (!process.stderr.isTTY) console.error(`Simulating ${scenario.name}`);
    const progress = new RunProgress(settings.photos, `photos of ${scenario.name}`);
    const figures = await simulate(scenario, settings, { onProgress: progress.update, signal }).finally(() => {
      progress.clear();
    });
    if (signal.aborted) break;
    results.push(describeSimulation(scenario, settings, figures));
  }
  if (isJson) console.log(JSON.stringify(results, null, 2));
  else printFitted(renderSimulation(results, paintFor(process.stdout)));
  if (chartPath !== undefined) writeFileSync(chartPath, drawSimulation(results));
  return !signal.aborted && results.every(isComplete) ? exitStatus.complete : exitStatus.incomplete;
}

/** @throws UsageError before a run that may take an hour. */
function ensureWritable(path: string): void {
  try {
    closeSync(openSync(path, 'a'));
  } catch (error) {
    throw new UsageError(`--chart can't be written: ${(error as Error).message}`);
  }
}
