import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { finish, lastLines } from './finish';

/** A CDK command failed. */
export class CdkError extends Error {
  override readonly name = 'CdkError';

  /** @param output what the command printed, both streams. */
  constructor(
    command: string,
    readonly output: string,
  ) {
    super(`cdk ${command} failed:\n${lastLines(output, 30)}`);
  }
}

/** How to run the CDK's command line. */
export interface CdkOptions {
  readonly stackName: string;
  /** What `-c name=value` sets beside the stack's name. */
  readonly settings: Readonly<Record<string, string>>;
  /** The program that makes the app; undefined: as cdk.json says. */
  readonly app: string | undefined;
  /** Environment variables beside those of this process. */
  readonly variables: Readonly<Record<string, string>>;
  /** A folder for what the commands write. */
  readonly folder: string;
  /** How long a command may take; undefined: as long as it takes. */
  readonly timeoutMs: number | undefined;
}

/** What came of a deployment. */
export interface Deployment {
  /** The stack's outputs, by name. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly isChanged: boolean;
}

const root = join(__dirname, '..');

/** Runs `cdk bootstrap`. */
export async function bootstrap(options: CdkOptions): Promise<void> {
  await run(['bootstrap'], options);
}

/** Runs `cdk deploy`. */
export async function deploy(options: CdkOptions): Promise<Deployment> {
  const outputsFile = join(options.folder, 'outputs.json');
  const output = await run(['deploy', '--require-approval', 'never', '--outputs-file', outputsFile], options);
  const outputs = JSON.parse(readFileSync(outputsFile, 'utf8')) as Record<string, Record<string, string>>;
  return { outputs: outputs[options.stackName] ?? {}, isChanged: !output.includes('(no changes)') };
}

/** Runs `cdk destroy`. */
export async function destroy(options: CdkOptions): Promise<void> {
  await run(['destroy', '--force'], options);
}

/**
 * Runs a command of the CDK.
 * @returns what it printed.
 * @throws CdkError when it ended with another exit status than 0.
 */
async function run(command: readonly string[], options: CdkOptions): Promise<string> {
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
    // Out of the terminal's reach: Ctrl-C must not leave a deployment half done that is to be destroyed next.
    detached: true,
    timeout: options.timeoutMs,
  });
  const { status, output } = await finish(child);
  const [name = ''] = command;
  if (status === undefined) throw new CdkError(name, `${output}\nIt was ended after ${String(options.timeoutMs)} ms`);
  if (status !== 0) throw new CdkError(name, output);
  return output;
}
