import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paintFor } from '../paint';
import { UsageError } from '../start-arguments';
import { synthesize } from '../synthesize';
import { type ChaosArguments, chaosHelp, parseChaosArguments } from './chaos-arguments';
import { isEffectivelyOnce, renderProgress, renderResult, renderWorth } from './chaos-report';
import { type ChaosProgress, type ChaosResult, runChaos } from './chaos-run';
import { drawPlan } from './plan';

const exitStatus = { effectivelyOnce: 0, notSo: 1, usage: 2 } as const;

async function main(words: readonly string[]): Promise<number> {
  const asked = parseChaosArguments(words);
  if (asked === 'help') {
    console.log(chaosHelp);
    return exitStatus.effectivelyOnce;
  }
  const results = await runAll(asked);
  if (asked.isJson) {
    const { photos, seed, speed, requestsPerSecond } = asked;
    console.log(JSON.stringify({ photos, seed, speed, requestsPerSecond, results }, null, 2));
  }
  const isAsPromised = results.every((result) => !result.hasClaims || isEffectivelyOnce(result));
  return isAsPromised ? exitStatus.effectivelyOnce : exitStatus.notSo;
}

async function runAll({ isJson, hasLogs, runs, photos, seed, ...settings }: ChaosArguments): Promise<ChaosResult[]> {
  const paint = paintFor(process.stdout);
  const say = (text: string): void => {
    if (!isJson) console.log(text);
  };
  const signal = abortOnInterrupt();
  const onLogLine = (line: string): void => {
    if (hasLogs) console.error(line);
  };
  const folder = mkdtempSync(join(tmpdir(), 'live-photos-'));
  try {
    say(`Chaos with ${photos} photos and seed ${seed}; waits pass ${settings.speed} times faster.`);
    const stack = synthesize(join(folder, 'cdk.out'));
    const plan = drawPlan(seed, photos);
    const results: ChaosResult[] = [];
    for (const { hasClaims } of runs) {
      const result = await runChaos(plan, { ...settings, hasClaims }, { stack, signal, onLogLine, onProgress });
      clearProgress();
      say(`\n${renderResult(result, paint)}`);
      results.push(result);
      if (signal.aborted) break;
    }
    if (results.length > 1) say(`\n${renderWorth(results)}`);
    return results;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** On a terminal only: one line, written over again and again. */
function onProgress(progress: ChaosProgress): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${renderProgress(progress)}`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
}

/** From now on Ctrl-C gives up the run under way, whose processes would outlive this one; a second one ends it at once. */
function abortOnInterrupt(): AbortSignal {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      interruption.abort();
    });
  }
  return interruption.signal;
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
    process.exitCode = isUsage ? exitStatus.usage : exitStatus.notSo;
  },
);
