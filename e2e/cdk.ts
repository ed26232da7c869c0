import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** A CDK command failed. */
export class CdkError extends Error {
  override readonly name = 'CdkError';

  /** @param output stdout and stderr. */
  constructor(
    command: string,
    readonly output: string,
  ) {
    super(`cdk ${command} failed:\n${output.trimEnd().split('\n').slice(-30).join('\n')}`);
  }
}

/** Options of the CDK commands. */
export interface CdkOptions {
  readonly stackName: string;
  /** Context values (`-c name=value`) in addition to the stack's name. */
  readonly settings: Readonly<Record<string, string>>;
  /** The command that creates the app; undefined: the one in cdk.json. */
  readonly app: string | undefined;
  /** Environment variables in addition to those of this process. */
  readonly variables: Readonly<Record<string, string>>;
  /** Folder for the files that the commands write. */
  readonly folder: string;
  /** Timeout of each command; undefined: none. */
  readonly timeoutMs: number | undefined;
}

const root = join(__dirname, '..');

/**
 * Runs a CDK command.
 * @returns its output.
 * @throws CdkError when its exit status is not 0.
 */
export async function runCdk(command: readonly string[], options: CdkOptions): Promise<string> {
  const settings = Object.entries({ stackName: options.stackName, ...options.settings });
  const words = [
    ...[join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk'), ...command],
    ...['--no-color', '--output', join(options.folder, 'cdk.out')],
    ...(options.app === undefined ? [] : ['--app', options.app]),
    ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const child = spawn(process.execPath, words, {
    cwd: root,
    env: { ...process.env, ...options.variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A separate process group, so that Ctrl-C does not stop a deployment that must be destroyed next.
    detached: true,
    timeout: options.timeoutMs,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const [name = ''] = command;
  if (status === null) throw new CdkError(name, `${output}\nStopped after ${String(options.timeoutMs)} ms`);
  if (status !== 0) throw new CdkError(name, output);
  return output;
}
