import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { abortOnInterrupt, runCommand } from '../../cli/terminal/command';
import { printFitted } from '../../cli/terminal/terminal';
import { ProgressLine } from '../../cli/terminal/progress';
import { paintFor } from '../paint';
import { synthesize } from '../pipeline/synthesize';
import { type ChaosArguments, chaosHelp, parseChaosArguments } from './chaos-arguments';
import { isEffectivelyOnce, renderProgress, renderResult, renderWorth } from './chaos-report';
import { type ChaosProgress, type ChaosResult, runChaos } from './chaos-run';
import { drawPlan, planWithoutClaims } from './plan/plan';

const exitStatus = { effectivelyOnce: 0, notSo: 1 } as const;

async function main(words: readonly string[]): Promise<number> {
  const options = parseChaosArguments(words);
  if (options === 'help') {
    printFitted(chaosHelp);
    return exitStatus.effectivelyOnce;
  }
  const results = await runAll(options);
  if (options.isJson) {
    const { photos, seed, speed, requestsPerSecond } = options;
    console.log(JSON.stringify({ photos, seed, speed, requestsPerSecond, results }, null, 2));
  }
  const isAsPromised = results.every((result) => !result.hasClaims || isEffectivelyOnce(result));
  return isAsPromised ? exitStatus.effectivelyOnce : exitStatus.notSo;
}

async function runAll({ isJson, hasLogs, runs, photos, seed, ...settings }: ChaosArguments): Promise<ChaosResult[]> {
  const paint = paintFor(process.stdout);
  const print = (text: string): void => {
    if (!isJson) printFitted(text);
  };
  // Without this, the processes of the current run would outlive this one.
  const signal = abortOnInterrupt();
  const onLogLine = (line: string): void => {
    if (hasLogs) console.error(line);
  };
  const line = new ProgressLine();
  const onProgress = (progress: ChaosProgress): void => line.draw(renderProgress(progress));
  const folder = mkdtempSync(join(tmpdir(), 'live-photos-'));
  try {
    print(`Chaos with ${photos} photos and seed ${seed}. Waits are ${settings.speed} times shorter.`);
    const stack = synthesize(join(folder, 'cdk.out'));
    const plan = drawPlan(seed, photos);
    const results: ChaosResult[] = [];
    for (const { hasClaims } of runs) {
      const planned = hasClaims ? plan : planWithoutClaims(plan);
      const result = await runChaos(planned, { ...settings, hasClaims }, { stack, signal, onLogLine, onProgress });
      line.clear();
      print(`\n${renderResult(result, paint)}`);
      results.push(result);
      if (signal.aborted) break;
    }
    if (results.length > 1) print(`\n${renderWorth(results)}`);
    return results;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void runCommand(main);
