import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import type { LivePhotoFacts } from 'complycube-stand-in/live-photos';
import type { Statistics } from 'complycube-stand-in/state';
import type { Calls, DrainSettings } from './drain-figures';

/** A stand-in for ComplyCube in a separate process with high priority, so that other work does not delay what it counts. */
export interface StandInProcess {
  readonly baseUrl: string;
  /** All calls so far. */
  readCalls(): Promise<Calls>;
  stop(): void;
}

/**
 * Starts the program of `npm run stand-in`.
 * @throws if it does not print its address.
 */
export async function startStandInProcess(
  apiKey: string,
  { vendorLimit, vendorBlockSeconds, latencyMs }: DrainSettings,
): Promise<StandInProcess> {
  const program = join(__dirname, '..', 'stand-in', 'main.ts');
  const words = ['--key', apiKey, '--port', '0', '--live-rate', String(vendorLimit), '--keep', '100'];
  const latency = ['--latency', `${latencyMs}-${Math.ceil(latencyMs * 1.5)}`];
  const block = ['--block', String(vendorBlockSeconds * 1000)];
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...words, ...latency, ...block], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true, // a separate session: Linux shares the processor between sessions first
  });
  raisePriority(child.pid);
  // Stops the child if this process ends early.
  const kill = (): void => {
    child.kill();
  };
  process.on('exit', kill);
  const [output] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown];
  const baseUrl = /http:\S+?(?=;|$)/.exec(String(output))?.[0];
  if (baseUrl === undefined) throw new Error('The stand-in for ComplyCube did not start');
  return {
    baseUrl,
    readCalls: () => readCalls(new URL('/_stand-in/', baseUrl)),
    stop: () => {
      process.off('exit', kill);
      kill();
    },
  };
}

/** Gives a process the highest priority. Most systems allow that to administrators only. */
function raisePriority(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_HIGHEST);
    // Linux: a process's priority counts within its session only, and this is the session's.
    writeFileSync(`/proc/${pid}/autogroup`, String(constants.priority.PRIORITY_HIGHEST));
  } catch {
    // The drain prints how late the stand-in was.
  }
}

async function readCalls(url: URL): Promise<Calls> {
  const { requests, peakRequestsPerSecond, greatestDelayMs } = (await readJson(
    new URL('statistics', url),
  )) as Statistics;
  const { livePhotos } = (await readJson(new URL('live-photos', url))) as { readonly livePhotos: LivePhotoFacts[] };
  // The requests of this function are counted as `other`.
  const answers = Object.entries(requests).flatMap(([name, byStatus]) =>
    name === 'other' ? [] : Object.entries(byStatus),
  );
  const count = (counted: typeof answers): number => counted.reduce((sum, [, times]) => sum + times, 0);
  return {
    calls: count(answers),
    refused: count(answers.filter(([status]) => status === '429')),
    peakRequestsPerSecond: peakRequestsPerSecond.live,
    greatestDelayMs,
    storedAtMs: livePhotos.map(({ createdAt }) => Date.parse(createdAt)),
  };
}

async function readJson(url: URL): Promise<unknown> {
  return (await fetch(url)).json();
}
