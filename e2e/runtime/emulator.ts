import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { InvocationError, type LocalFunction } from 'local-aws/lambda/execution-environment';
import { isRecord } from 'complycube-stand-in/json-body';
import type { RuntimeClient } from './runtime-under-test';

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
    const [own, runtimeApi] = [await freeAddress(), await freeAddress()];
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
    for (;;) {
      try {
        return await (await fetch(this.url, { method: 'POST', body })).text();
      } catch (error) {
        const { code } = (error as Error).cause as NodeJS.ErrnoException;
        if (code !== 'ECONNREFUSED' || this.process.exitCode !== null) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  async stop(): Promise<void> {
    const { process: child } = this;
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    process.kill(-child.pid, 'SIGKILL');
    await once(child, 'exit');
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

/** An address on loopback with a port that was free just now. */
async function freeAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return `127.0.0.1:${address.port}`;
}
