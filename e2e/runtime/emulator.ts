import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvocationError, type LocalFunction } from 'local-aws/lambda/execution-environment';
import { isRecord } from 'complycube-stand-in/json-body';
import { CheckError } from '../steps';
import { within } from './limits';
import type { RuntimeClient } from './runtime-under-test';

/** The longest invocation takes ten seconds on a quiet machine. */
const responseTimeoutMs = 120_000;

/** AWS's runtime interface emulator with a function. It listens on the loopback address. */
export class RuntimeEmulator {
  private constructor(
    private readonly process: ChildProcess,
    private readonly url: string,
  ) {}

  /** Starts the emulator. It starts the function's process at the first invocation. */
  static async start(
    path: string,
    definition: LocalFunction,
    { client, onLogLine }: { readonly client: RuntimeClient; readonly onLogLine: (line: string) => void },
  ): Promise<RuntimeEmulator> {
    const [own, runtimeApi] = await freeAddresses();
    const addresses = ['--runtime-interface-emulator-address', own, '--runtime-api-address', runtimeApi];
    const words = [...addresses, client.nodePath, client.runtimePath, definition.handler];
    const child = spawn(path, words, {
      cwd: definition.codeFolder,
      detached: true, // a process group with the function's process
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        ...definition.variables,
        AWS_LAMBDA_FUNCTION_NAME: definition.name,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
        AWS_LAMBDA_FUNCTION_TIMEOUT: String(definition.timeoutMs / 1000),
        LAMBDA_TASK_ROOT: definition.codeFolder,
        TZ: ':UTC',
      },
    });
    createInterface(child.stdout).on('line', onLogLine);
    await once(child, 'spawn');
    return new RuntimeEmulator(child, `http://${own}/2015-03-31/functions/function/invocations`);
  }

  /** @throws InvocationError if the invocation fails. */
  readonly invoke = async (event: unknown): Promise<unknown> => {
    const text = await this.post(JSON.stringify(event));
    const response = parse(text);
    if (isRecord(response) && 'errorType' in response) {
      throw new InvocationError(`${String(response['errorType'])}: ${String(response['errorMessage'])}`);
    }
    if (response === undefined) throw new InvocationError(text);
    return response;
  };

  /** Repeats the request while the emulator starts. */
  private async post(body: string): Promise<string> {
    const signal = AbortSignal.timeout(responseTimeoutMs);
    for (;;) {
      try {
        return await (await fetch(this.url, { method: 'POST', body, signal })).text();
      } catch (error) {
        if (signal.aborted) throw new CheckError(`Waited ${responseTimeoutMs / 1000} s for the emulator's response`);
        const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
        if (code !== 'ECONNREFUSED') throw error;
        if (this.process.exitCode !== null) throw new CheckError(`The emulator ended (${this.process.exitCode})`);
        await sleep(50);
      }
    }
  }

  async stop(): Promise<void> {
    const { process: child } = this;
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    process.kill(-child.pid, 'SIGKILL');
    await within(10_000, "the emulator's exit", once(child, 'exit'));
  }
}

/** @returns undefined for text that is not JSON, such as that of a timeout. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Two addresses on loopback with ports that were free just now. */
async function freeAddresses(): Promise<[string, string]> {
  const servers = [createServer(), createServer()] as const;
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
  const [first, second] = servers.map((server) => `127.0.0.1:${(server.address() as AddressInfo).port}`);
  for (const server of servers) await once(server.close(), 'close');
  return [first ?? '', second ?? ''];
}
