import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { finish, lastLines } from './finish';

/** A program that others need can't be had on this machine; the message says why in one line. */
export class MissingProgramError extends Error {
  override readonly name = 'MissingProgramError';
}

const root = join(__dirname, '..');
const requirements = join(__dirname, 'requirements.txt');

/**
 * Makes a virtual environment with the packages of requirements.txt, unless it was made before.
 * @returns the folder of its programs.
 * @throws MissingProgramError when it can't be made here.
 */
export async function installPythonTools(): Promise<string> {
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 8);
  const environment = join(root, 'dist', 'e2e', `venv-${version}`);
  const programs = join(environment, 'bin');
  const isWhole = join(environment, 'installed');
  if (existsSync(isWhole)) return programs;

  // By which ministack makes a certificate for itself.
  await run('openssl', ['version']);
  rmSync(environment, { recursive: true, force: true });
  mkdirSync(environment, { recursive: true });
  await run('python3', ['-m', 'venv', environment]);
  console.log(`Installing ${readFileSync(requirements, 'utf8').trim().replaceAll('\n', ' and ')}`);
  const install = ['-m', 'pip', 'install', '--quiet', '--retries', '1', '--requirement', requirements];
  await run(join(programs, 'python'), install);
  writeFileSync(isWhole, '');
  return programs;
}

async function run(program: string, words: readonly string[]): Promise<void> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const { status, output } = await finish(child).catch((error: unknown) => {
    throw new MissingProgramError(`${program} can't be had (${(error as Error).message})`);
  });
  if (status !== 0) throw new MissingProgramError(`${basename(program)} failed: ${lastLines(output, 1)}`);
}
