import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { finish, lastLines } from './finish';

/** A program that others need can't be had on this machine; the message says why in one line. */
export class MissingProgramError extends Error {
  override readonly name = 'MissingProgramError';
}

/** What to install, and where to. */
export interface PythonToolsOptions {
  /** The virtual environment's folder; it is made anew unless it was made of the same requirements before. */
  readonly environment: string;
  /** A file of pip's, each package with its version. */
  readonly requirements: string;
  /** Ends the installation once aborted. */
  readonly signal: AbortSignal;
  /** Environment variables for the programs that make it. */
  readonly variables: NodeJS.ProcessEnv;
  /** Told what is installed, when something is. */
  readonly onInstall: (packages: readonly string[]) => void;
}

/**
 * Makes a virtual environment of Python with the packages that are required.
 * @returns the folder of its programs.
 * @throws MissingProgramError when it can't be made here, or not just now.
 */
export async function installPythonTools(options: PythonToolsOptions): Promise<string> {
  const { environment, onInstall } = options;
  const programs = join(environment, 'bin');
  const python = join(programs, 'python');
  const required = readFileSync(options.requirements, 'utf8');
  const installedFile = join(environment, 'installed.txt');
  // A link to a Python that was removed since does not exist.
  if (existsSync(python) && existsSync(installedFile) && readFileSync(installedFile, 'utf8') === required) {
    return programs;
  }

  rmSync(environment, { recursive: true, force: true });
  mkdirSync(environment, { recursive: true });
  await requireProgram('python3', ['-m', 'venv', environment], options);
  onInstall(required.trim().split('\n'));
  const patience = ['--retries', '1', '--timeout', '30'];
  await requireProgram(
    python,
    ['-m', 'pip', 'install', '--quiet', ...patience, '--requirement', options.requirements],
    options,
  );
  // Last, so that what was left half done is made anew.
  writeFileSync(installedFile, required);
  return programs;
}

/**
 * Runs a program to its end.
 * @throws MissingProgramError when it is not there, fails, or is ended.
 */
export async function requireProgram(
  program: string,
  words: readonly string[],
  { signal, variables }: Pick<PythonToolsOptions, 'signal' | 'variables'>,
): Promise<void> {
  const child = spawn(program, words, { env: variables, signal, stdio: ['ignore', 'pipe', 'pipe'] });
  const { status, output } = await finish(child).catch((error: unknown) => {
    throw new MissingProgramError(`${basename(program)} can't be had (${(error as Error).message})`, { cause: error });
  });
  const command = [basename(program), ...words.slice(0, 2)].join(' ');
  if (status !== 0) throw new MissingProgramError(`${command} failed: ${lastLines(output, 1)}`);
}
