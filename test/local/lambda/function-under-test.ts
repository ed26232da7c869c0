import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileRuntime } from '../../../local/lambda/compile-runtime';
import type { ExecutionEnvironmentOptions, LocalFunction } from '../../../local/lambda/execution-environment';

/** A folder for functions, with the compiled runtime; every line that they print is kept. */
export class FunctionFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'function-'));
  readonly logLines: string[] = [];
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
      timeoutMs: 30_000,
      variables: {},
      ...settings,
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
