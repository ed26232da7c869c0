import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';

/** The imports of a compiled file: packages and files of the package. */
export function importsOf(path: string): string[] {
  const imports = readFileSync(path, 'utf8').matchAll(/(?:\brequire\(|\bimport\(|\bfrom )["']([^"']+)["']/g);
  return [...imports].map(([, name = '']) => name);
}

/** The packages that compiled files import. */
export function importedPackages(files: readonly string[]): string[] {
  const names = files.flatMap(importsOf).filter((name) => !name.startsWith('.') && !isBuiltin(name));
  return [...new Set(names.map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? ''))].sort();
}
