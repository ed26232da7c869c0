import { expect } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folders of packages and of all packages that they depend on, as npm installs them in an empty app. */
export function dependencyFolders(names: readonly string[], from: string, found = new Set<string>()): Set<string> {
  for (const name of names) {
    const folder = folderOf(name, from);
    if (found.has(folder)) continue;
    found.add(folder);
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    dependencyFolders(Object.keys(dependencies), folder, found);
  }
  return found;
}

/** The size of all files of packages. */
export function megabytes(folders: readonly string[]): number {
  return folders.map(sizeOf).reduce((sum, size) => sum + size, 0) / 1_000_000;
}

/** A documented size may differ by a tenth: each page changes the size of the package a little. */
export function expectNear(documented: string | undefined, measured: number): void {
  expect(Math.abs(Number(documented) / measured - 1)).toBeLessThan(0.1);
}

/** In bytes. Nested packages are not counted. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .map((entry) => (entry.isDirectory() ? sizeOf(join(folder, entry.name)) : statSync(join(folder, entry.name)).size))
    .reduce((sum, size) => sum + size, 0);
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Finds a package like Node does. */
function folderOf(name: string, from: string): string {
  const folder = join(from, 'node_modules', name);
  return existsSync(folder) ? folder : folderOf(name, dirname(from));
}
