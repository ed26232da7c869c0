import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

const folder = __dirname;
const installed = join(folder, 'node_modules', '.package-lock.json');
const lock = join(folder, 'package-lock.json');

/**
 * Installs what the benchmarks compare with, the first time and whenever their lock file changed.
 * @throws when npm fails.
 */
export function installPeers(say: (text: string) => void): void {
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  say('Installing what the benchmarks compare with, below bench/node_modules …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status } = spawnSync(npm, ['ci', '--ignore-scripts', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('npm ci failed in bench/: without the peers there is nothing to compare with');
}

/**
 * The Node that Lambda's `nodejs24.x` stands for: from npm, which has it for Linux; elsewhere this process's own.
 */
export function findNode(): string {
  const packaged = join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  return existsSync(packaged) ? packaged : process.execPath;
}
