import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LivePhotoFacts } from 'complycube-stand-in/stand';
import type { Statistics } from 'complycube-stand-in/statistics';
import type { Calls } from './drain-figures';

/** A stand-in for ComplyCube in a process of its own, so that no other's work delays what it counts. */
export interface StandInProcess {
  readonly baseUrl: string;
  /** Every call so far, whatever it was for. */
  readCalls(): Promise<Calls>;
  stop(): void;
}

/** How the stand-in is to behave. */
export interface StandInSettings {
  readonly apiKey: string;
  readonly requestsPerSecond: number;
  /** The least that it takes for an answer; the most is half as much again. */
  readonly latencyMs: number;
}

/**
 * Starts the program behind `npm run stand-in`.
 * @throws when it does not say where it listens.
 */
export async function startStandInProcess(settings: StandInSettings): Promise<StandInProcess> {
  const { apiKey, requestsPerSecond, latencyMs } = settings;
  const program = join(__dirname, '..', 'stand-in', 'main.ts');
  const words = ['--key', apiKey, '--port', '0', '--live-rate', String(requestsPerSecond)];
  const latency = ['--latency', `${latencyMs}-${Math.ceil(latencyMs * 1.5)}`];
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...words, ...latency], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Should this process end without stopping it.
  const kill = (): void => {
    child.kill();
  };
  process.on('exit', kill);
  const [said] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown];
  const baseUrl = /http:\S+?(?=;|$)/.exec(String(said))?.[0];
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

async function readCalls(url: URL): Promise<Calls> {
  const { requests, peakRequestsPerSecond } = (await readJson(new URL('statistics', url))) as Statistics;
  const { livePhotos } = (await readJson(new URL('live-photos', url))) as { readonly livePhotos: LivePhotoFacts[] };
  // The questions that are asked here are no calls.
  const answers = Object.entries(requests).flatMap(([name, byStatus]) =>
    name === 'other' ? [] : Object.entries(byStatus),
  );
  const count = (counted: typeof answers): number => counted.reduce((sum, [, times]) => sum + times, 0);
  return {
    calls: count(answers),
    refused: count(answers.filter(([status]) => status === '429')),
    peakRequestsPerSecond: peakRequestsPerSecond.live,
    storedAtMs: livePhotos.map(({ createdAt }) => Date.parse(createdAt)),
  };
}

async function readJson(url: URL): Promise<unknown> {
  return (await fetch(url)).json();
}
