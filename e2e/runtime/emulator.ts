import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvocationError, type LocalFunction } from 'local-aws/lambda/execution-environment';
import { isRecord } from 'complycube-stand-in/json-body';
import { CheckError } from '../steps';
import type { RuntimeClient } from './client-host';
import type { Host, RunningFunction } from './host';
import { within } from './limits';

/** The longest invocation takes twenty seconds on a quiet machine. */
const responseTimeoutMs = 120_000;

/** Runs functions behind AWS's runtime interface emulator, each in a separate one. */
export function emulatorHost(path: string, client: RuntimeClient): Host {
  return {
    name: "AWS's runtime interface emulator, aws-lambda-rie, with the same client",
    start: (definition, onLogLine) => RuntimeEmulator.start(path, definition, { client, onLogLine }),
    endedMessage: 'Runtime.ExitError: Runtime exited without providing a reason',
    timeoutMessage: (timeoutMs) => `Task timed out after ${timeoutMs / 1000}.00 seconds`,
  };
}

/** A line that the emulator itself prints. It uses the same stream for the function's lines. */
const emulatorLine = /^(START|END|REPORT) RequestId: [\da-f-]{36}( Version: \$LATEST|\t[^{}]*)?$/;

/** AWS's runtime interface emulator with a function. It listens on the loopback address. */
class RuntimeEmulator implements RunningFunction {
  private constructor(
    private readonly process: ChildProcess,
    private readonly url: string,
  ) {}

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
      // The function's errors go to the standard output, too. The emulator writes its own log to the standard error.
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
    createInterface(child.stdout).on('line', (line) => {
      if (!emulatorLine.test(line)) onLogLine(line);
    });
    await once(child, 'spawn');
    return new RuntimeEmulator(child, `http://${own}/2015-03-31/functions/function/invocations`);
  }

  async invoke(event: unknown): Promise<unknown> {
    const text = await this.post(JSON.stringify(event));
    const response = parse(text);
    if (isRecord(response) && 'errorType' in response) {
      const message = `${String(response['errorType'])}: ${String(response['errorMessage'])}`;
      // Lambda puts the request's ID before its own messages.
      throw new InvocationError(message.replace(/RequestId: [\da-f-]{36} Error: /, ''));
    }
    if (response === undefined) throw new InvocationError(text);
    return response;
  }

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

  /** Ends the emulator, which kills the function's process, and waits for their last lines. */
  async stop(): Promise<void> {
    const { process: child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await within(10_000, "the emulator's end", once(child, 'close'));
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
