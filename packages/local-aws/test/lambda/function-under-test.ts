import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileRuntime } from '../../src/lambda/compile-runtime';
import type { ExecutionEnvironmentOptions, LocalFunction } from '../../src/lambda/execution-environment';

/** A folder with a function, the compiled runtime, and the lines that the function printed. */
export class FunctionFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'function-'));
  readonly logLines: string[] = [];
  private gates = 0;
  readonly options: ExecutionEnvironmentOptions = {
    runtimePath: compileRuntime(this.path),
    onLogLine: (line) => this.logLines.push(line),
  };

  /** Writes a function. `code` is a CommonJS module that exports `handler`. */
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
   * Creates a gate for a function.
   * @returns `wait`: code for a promise that resolves when the gate is open; `waitBusily`: a statement that blocks until then.
   */
  gate(): { readonly wait: string; readonly waitBusily: string; readonly open: () => void } {
    const path = join(this.path, `gate-${(this.gates += 1)}`);
    const isOpen = `require('node:fs').existsSync(${JSON.stringify(path)})`;
    return {
      wait: `new Promise((resolve) => {
        const timer = setInterval(() => { if (${isOpen}) resolve(clearInterval(timer)); }, 5);
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

/** Whether a process exists, frozen or not. */
export function isRunning(processId: number | undefined): boolean {
  if (processId === undefined) return false;
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

/** Whether a process is stopped by SIGSTOP. */
export function isFrozen(processId: number | undefined): boolean {
  return execFileSync('ps', ['-o', 'state=', '-p', String(processId)], { encoding: 'utf8' }).startsWith('T');
}
