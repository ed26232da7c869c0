import type { BuildOptions } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { functionBundle } from '../lib/function-code';

const root = join(__dirname, '..');

/** Parts of the SDK that would cost much at each start of the function and do nothing there, and what stands in for each. */
const sdkStandIns = {
  '@aws-sdk/credential-provider-node': join(__dirname, 'sdk-stand-ins', 'credentials.ts'),
  '@smithy/core/event-streams': join(__dirname, 'sdk-stand-ins', 'event-streams.ts'),
  'node:stream/web': join(__dirname, 'sdk-stand-ins', 'web-streams.ts'),
};

/**
 * Bundles the function into one CommonJS file, its SDK included: what is deployed is what was tested, whichever SDK the
 * runtime brings. CommonJS, because an ES module's `import 'node:http'` makes Node load undici and HTTP/2 as well.
 * @throws when esbuild fails; it has said why.
 */
export function bundleFunction(): void {
  const unfinished = join(root, 'dist', `${process.pid}.unfinished.js`);
  const options: BuildOptions = {
    entryPoints: [join(root, 'lambda', 'index.ts')],
    outfile: unfinished,
    bundle: true,
    platform: 'node',
    // The oldest Node that the pipeline runs on locally; the deployed runtime is newer.
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    alias: sdkStandIns,
    inject: [join(__dirname, 'sdk-stand-ins', 'web-crypto.ts')],
    // Every stream is Node's own here; to ask for the global would load all of the Web Streams API.
    define: { ReadableStream: 'undefined' },
  };
  const program = join(__dirname, 'esbuild-with-plugins.mjs');
  const { status } = spawnSync(process.execPath, [program, JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('The function could not be bundled');
  putInPlace(writeUnfinished('package.json', moduleKind), join(root, functionBundle, 'package.json'));
  putInPlace(unfinished, join(root, functionBundle, 'index.js'));
}

/**
 * Says what kind of modules the files beside it are: without it Node would parse a bundle that is imported, as Lambda's runtime does it,
 * once more to find out.
 */
const moduleKind = `${JSON.stringify({ type: 'commonjs' })}\n`;

function writeUnfinished(name: string, content: string): string {
  const path = join(root, 'dist', `${process.pid}.unfinished.${name}`);
  writeFileSync(path, content);
  return path;
}

/** Programs that run at the same time may bundle at the same time: each sees either no file or a whole one. */
function putInPlace(unfinished: string, path: string): void {
  if (existsSync(path) && readFileSync(path).equals(readFileSync(unfinished))) {
    rmSync(unfinished);
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  renameSync(unfinished, path);
}
