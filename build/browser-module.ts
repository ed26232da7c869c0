import { buildSync, type BuildOptions } from 'esbuild';
import { join } from 'node:path';

const folder = join(__dirname, '..', 'app', 'browser');

/** Options of all bundles for browsers. */
const forBrowsers = {
  bundle: true,
  write: false,
  minify: true,
  platform: 'browser',
  // Safari 16.4, Chrome 94 and Firefox 105 are the first with canvases in workers.
  target: ['es2022', 'safari16.4'],
  logLevel: 'warning',
} satisfies BuildOptions;

/**
 * The constants that app/browser needs in a bundle: the program of its worker, as text. So the module is one file, and no bundler
 * needs to know about the worker.
 */
export function browserConstants(): Readonly<Record<string, string>> {
  const worker = buildSync({ ...forBrowsers, entryPoints: [join(folder, 'encode-worker.ts')], format: 'iife' });
  return { encodeWorkerSource: JSON.stringify(worker.outputFiles[0]?.text.trim()) };
}

/** Bundles `complycube-live-photos/browser` into one ES module. */
export function bundleBrowserModule(): Uint8Array {
  const { outputFiles } = buildSync({
    ...forBrowsers,
    entryPoints: [join(folder, 'index.ts')],
    format: 'esm',
    define: browserConstants(),
  });
  const [module] = outputFiles;
  if (module === undefined) throw new Error('esbuild returned no module for browsers');
  return module.contents;
}
