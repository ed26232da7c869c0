import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from '../../../packages/local-aws/test/lambda/until';

/** One run of what `npm start` runs, its output piped. */
export class StartCommand {
  out = '';
  err = '';
  private readonly child;

  /** @param folderForTemporaryFiles where it makes whatever it makes for itself, so that it can be looked for. */
  constructor(words: readonly string[], folderForTemporaryFiles: string, variables: Record<string, string> = {}) {
    // Nothing that a person may have set, or that jest sets for itself.
    const isForeign = (name: string): boolean => /^(COMPLYCUBE|AWS)_|^NO_COLOR$/.test(name);
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isForeign(name)));
    this.child = spawn(process.execPath, ['--import', 'tsx', 'local/start/main.ts', ...words], {
      cwd: join(__dirname, '..', '..', '..'),
      env: { ...env, TMPDIR: folderForTemporaryFiles, ...variables },
    });
    this.child.stdout.on('data', (chunk: Buffer) => (this.out += chunk.toString()));
    this.child.stderr.on('data', (chunk: Buffer) => (this.err += chunk.toString()));
  }

  /** Waits for its end and gives its exit status; null when a signal ended it. */
  async status(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
    return this.child.exitCode;
  }

  /** Waits until it has printed a text, on whichever stream. */
  async printed(text: string): Promise<void> {
    await until(() => this.out.includes(text) || this.err.includes(text));
  }

  interrupt(): void {
    this.child.kill('SIGINT');
  }

  /** Ends it if it still runs, as it may when a test failed. */
  kill(): void {
    this.child.kill('SIGKILL');
  }
}

/** The IDs of the processes of functions that run with files below a folder. */
export function functionProcessesOf(folder: string): number[] {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  const ofFolder = processes.filter((line) => line.includes(folder) && line.includes('runtime.js'));
  return ofFolder.map((line) => Number.parseInt(line, 10));
}
