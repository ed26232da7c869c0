import { expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..');

/** The TypeScript files that git tracks or would track, as paths from the root. */
const sources = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', '*.ts'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)));

/** The files of this project that a file imports, types included. A workspace package is imported as `package/file`. */
function importsOf(file: string): string[] {
  const code = readFileSync(join(root, file), 'utf8');
  const names = [...code.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) => name);
  return names
    .map((name) => (name.startsWith('.') ? join(dirname(file), name) : join('packages', name.replace('/', '/src/'))))
    .map((path) => path.replace(/(\.ts)?$/, '.ts'))
    .filter((path) => sources.includes(path));
}

/** Finds circles by depth-first search: an import of a file that is still being visited closes one. */
function findCircles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = [];
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (path.includes(file) || finished.has(file)) return;
    for (const imported of graph.get(file) ?? []) visit(imported, [...path, file]);
    finished.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return circles;
}

const graph = new Map(sources.map((file) => [file, importsOf(file)]));

it('reads the imports within the project and of its packages', () => {
  expect(graph.get('lib/index.ts')).toContain('lib/live-photo-uploader.ts');
  expect(graph.get('test/lambda/complycube/http-call.test.ts')).toContain(
    'packages/loopback-server/src/certificate.ts',
  );
});

it('finds a circle, and where it closes', () => {
  const circular = new Map([
    ['a', ['b', 'c']],
    ['b', ['c']],
    ['c', ['b']],
  ]);
  expect(findCircles(circular)).toEqual(['b → c → b']);
});

it('has no files that import each other in a circle', () => {
  expect(findCircles(graph)).toEqual([]);
});
