import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileRuntime } from '../../src/lambda/compile-runtime';
import type { ExecutionEnvironmentOptions, LocalFunction } from '../../src/lambda/execution-environment';

/** A folder for functions, with the compiled runtime; every line that they print is kept. */
export class FunctionFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'function-'));
  readonly logLines: string[] = [];
  private gates = 0;
  readonly options: ExecutionEnvironmentOptions = {
    runtimePath: compileRuntime(this.path),
    onLogLine: (line) => this.logLines.push(line),
  };

  /** Makes a function whose module is `code`, CommonJS, with the handler as its export `handler`. */
  write(code: string, settings: Partial<LocalFunction> = {}): LocalFunction {
    writeFileSync(join(this.path, 'index.js'), code);
    return {
      name: 'function-under-test',
      codeFolder: this.path,
      handler: 'index.handler',
      memoryMb: 512,
      timeoutMs: 300_000,
      variables: {},
      ...settings,
    };
  }

  /**
   * A gate for a function under test.
   * @returns `wait`, code that evaluates to a promise that resolves once the gate is open; `waitBusily`, a statement that blocks
   * until then.
   */
  gate(): { readonly wait: string; readonly waitBusily: string; readonly open: () => void } {
    const path = join(this.path, `gate-${(this.gates += 1)}`);
    const isOpen = `require('node:fs').existsSync(${JSON.stringify(path)})`;
    return {
      wait: `new Promise((resolve) => {
        const look = setInterval(() => { if (${isOpen}) resolve(clearInterval(look)); }, 5);
      })`,
      waitBusily: `while (!${isOpen});`,
      open: () => {
        writeFileSync(path, '');
      },
    };
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

/** Whether a process is there, frozen or not. */
export function isRunning(processId: number | undefined): boolean {
  if (processId === undefined) return false;
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

/** Whether a process is stopped: nothing of it runs until it is continued. */
export function isFrozen(processId: number | undefined): boolean {
  return execFileSync('ps', ['-o', 'state=', '-p', String(processId)], { encoding: 'utf8' }).startsWith('T');
}
