import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

const folder = __dirname;
const installed = join(folder, 'node_modules', '.package-lock.json');
const lock = join(folder, 'package-lock.json');

/**
 * Installs the packages that the benchmark compares with, once and after each change of their lock file.
 * @throws Error when npm fails.
 */
export function installPeers(note: (text: string) => void): void {
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  note('Installing the packages that the benchmark compares with, in bench/node_modules …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status } = spawnSync(npm, ['ci', '--ignore-scripts', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('npm ci failed in bench/');
}

/** Finds the Node of Lambda's `nodejs24.x`. npm has it for Linux. On other systems this is the current Node. */
export function findNode(): string {
  const packaged = join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  return existsSync(packaged) ? packaged : process.execPath;
}
