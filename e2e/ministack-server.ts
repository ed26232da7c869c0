import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { get } from 'node:https';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listenOnLoopback } from 'loopback-server/loopback-server';
import { finish, lastLines } from './finish';

/** A running ministack. */
export interface Ministack {
  readonly url: string;
  /** The certificate that it made for itself. */
  readonly certificateFile: string;
  /** Ends it, and the functions that it runs. */
  stop(): Promise<void>;
}

/** Seconds when it has the machine to itself. */
const startTimeoutMs = 120_000;
const healthTimeoutMs = 5_000;

/**
 * Starts ministack on a free port of this machine, over TLS and with the permissions of every call checked: what a policy
 * forgets to allow, or denies by mistake, fails as it would on AWS.
 * @param programs the folder that it is in.
 * @param folder for all that it writes.
 */
export async function startMinistack(programs: string, folder: string): Promise<Ministack> {
  mkdirSync(folder, { recursive: true });
  const port = await findFreePort();
  const url = `https://127.0.0.1:${port}`;
  const logFile = join(folder, 'ministack.log');
  const log = openSync(logFile, 'w');
  const child = spawn(join(programs, 'ministack'), {
    cwd: folder,
    env: {
      ...variablesForEmulator(process.env),
      ...{ BIND_HOST: '127.0.0.1', GATEWAY_PORT: String(port), TMPDIR: folder, IOT_MTLS_ENABLED: '0' },
      ...{ AUTH: 'true', USE_SSL: '1', LAMBDA_EXECUTOR: 'local' },
      // It runs functions with the first Node that it finds.
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
    },
    stdio: ['ignore', log, log],
    // A group of its own, by which the functions' processes end with it.
    detached: true,
  });
  const state = { hasEnded: false };
  const ended = finish(child)
    .catch((error: unknown) => writeSync(log, String(error)))
    .finally(() => {
      state.hasEnded = true;
      closeSync(log);
    });
  const certificateFile = join(folder, 'ministack-tls', 'server.crt');
  const stop = (): Promise<void> => endGroup(child, ended);
  const endsAt = performance.now() + startTimeoutMs;
  while (!(await isHealthy(url, certificateFile))) {
    if (state.hasEnded || performance.now() > endsAt) {
      await stop();
      throw new Error(`ministack did not start:\n${lastLines(readFileSync(logFile, 'utf8'), 20)}`);
    }
    await sleep(200);
  }
  return { url, certificateFile, stop };
}

/**
 * Leaves out what speaks of AWS, so that neither real credentials nor other endpoints get into an emulator, of CAs, and of
 * proxies: all calls stay on this machine.
 */
export function variablesForEmulator(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isLeftOut = (name: string): boolean => /^(AWS_.*|NODE_EXTRA_CA_CERTS|(HTTPS?|ALL)_PROXY)$/i.test(name);
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !isLeftOut(name)));
}

async function findFreePort(): Promise<number> {
  const server = await listenOnLoopback(() => undefined);
  await server.close();
  return Number(new URL(server.url).port);
}

async function isHealthy(url: string, certificateFile: string): Promise<boolean> {
  if (!existsSync(certificateFile)) return false;
  const ca = readFileSync(certificateFile);
  return new Promise((resolve) => {
    const request = get(
      `${url}/_ministack/health`,
      { ca, agent: false, signal: AbortSignal.timeout(healthTimeoutMs) },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    request.on('error', () => {
      resolve(false);
    });
  });
}

/** Asks the group to end, and ends what is left of it. */
async function endGroup(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  const signalGroup = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  signalGroup('SIGTERM');
  await Promise.race([ended, sleep(5_000, undefined, { ref: false })]);
  signalGroup('SIGKILL');
  await ended;
}
