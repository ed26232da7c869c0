import { buildSync } from 'esbuild';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { photoWorkOptions } from '../../build/browser-module';

/** A file of the web page. */
export interface PageFile {
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

const styles = ['page.css', 'controls.css', 'photo.css', 'steps.css'];
const folder = join(__dirname, '..', '..', 'page');

/** Reads the page's files and bundles its script. The keys are URL paths. */
export function loadPageFiles(): ReadonlyMap<string, PageFile> {
  const read = (name: string, contentType: string): PageFile => ({
    contentType,
    body: readFileSync(join(folder, name)),
  });
  return new Map([
    ['/', read('index.html', 'text/html; charset=utf-8')],
    ...styles.map((name) => [`/${name}`, read(join('styles', name), 'text/css; charset=utf-8')] as const),
    ['/icon.svg', read('icon.svg', 'image/svg+xml')],
    ['/main.js', { contentType: 'text/javascript; charset=utf-8', body: bundleProgram() }],
  ]);
}

function bundleProgram(): Uint8Array {
  const { outputFiles } = buildSync({
    write: false,
    entryPoints: [join(folder, 'main.ts')],
    bundle: true,
    platform: 'browser',
    target: 'es2023',
    format: 'esm',
    ...photoWorkOptions(),
    logLevel: 'warning',
  });
  const [program] = outputFiles;
  if (program === undefined) throw new Error('esbuild returned no script for the page');
  return program.contents;
}
