import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from '../../until';

/** One run of `npm start`, or of another program that ends like it, with captured output. */
export class StartCommand {
  out = '';
  err = '';
  private readonly child;

  /** @param folderForTemporaryFiles a separate folder, so that a test can check what remains. */
  constructor(
    words: readonly string[],
    folderForTemporaryFiles: string,
    variables: Record<string, string> = {},
    program = 'local/start/main.ts',
  ) {
    // Variables of the developer and of jest must not change the result.
    const isForeign = (name: string): boolean => /^(COMPLYCUBE|AWS)_|^NO_COLOR$/.test(name);
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isForeign(name)));
    this.child = spawn(process.execPath, ['--import', 'tsx', program, ...words], {
      cwd: join(__dirname, '..', '..', '..'),
      env: { ...env, TMPDIR: folderForTemporaryFiles, ...variables },
    });
    this.child.stdout.on('data', (chunk: Buffer) => (this.out += chunk.toString()));
    this.child.stderr.on('data', (chunk: Buffer) => (this.err += chunk.toString()));
  }

  /** Waits for the end. @returns the exit status; null if a signal ended the process. */
  async status(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
    return this.child.exitCode;
  }

  /** Waits for a text on standard output or standard error. */
  async printed(text: string): Promise<void> {
    await until(() => this.out.includes(text) || this.err.includes(text));
  }

  interrupt(): void {
    this.child.kill('SIGINT');
  }

  /** Ends the process if it still runs, for example after a failed test. */
  kill(): void {
    this.child.kill('SIGKILL');
  }
}

/** The process IDs of functions whose files are in a folder. */
export function functionProcessesOf(folder: string): number[] {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  const ofFolder = processes.filter((line) => line.includes(folder) && line.includes('runtime.js'));
  return ofFolder.map((line) => Number.parseInt(line, 10));
}
