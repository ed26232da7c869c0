import type { BuildOptions } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import packageJson from '../package.json';
import { functionBundle } from '../lib/function-code';
import { describeLicences } from './bundled-licences';

const root = join(__dirname, '..');

const oldestNode = packageJson.engines.node.replace(/^>=(\d+).*$/, 'node$1');

/**
 * Modules that slow down each cold start without being used, and their replacements. docs/bundling.md explains each, and how to
 * remove them. versions.json lists the package versions that they were written for.
 */
const sdkReplacements = {
  '@aws-sdk/credential-provider-node': join(__dirname, 'sdk-replacements', 'credentials.ts'),
  '@smithy/core/event-streams': join(__dirname, 'sdk-replacements', 'event-streams.ts'),
  'node:stream/web': join(__dirname, 'sdk-replacements', 'web-streams.ts'),
};

/**
 * Bundles the function and its SDK into one CommonJS file. So the deployed SDK is the tested one, not that of the runtime.
 * CommonJS, because `import 'node:http'` in an ES module makes Node load undici and HTTP/2 as well.
 * @returns the paths of the files whose code it contains.
 * @throws if esbuild fails. esbuild has already printed the reason.
 */
export function bundleFunction(): readonly string[] {
  const unfinished = join(root, 'dist', `${process.pid}.unfinished.js`);
  const options: BuildOptions = {
    entryPoints: [join(root, 'lambda', 'index.ts')],
    outfile: unfinished,
    bundle: true,
    platform: 'node',
    // The oldest Node that the pipeline runs on locally. The deployed runtime is newer.
    target: oldestNode,
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    alias: sdkReplacements,
    inject: [join(__dirname, 'sdk-replacements', 'web-crypto.ts')],
    // The function uses only streams of `node:stream`. Reading this global would load the whole Web Streams API.
    define: { ReadableStream: 'undefined' },
  };
  const program = join(__dirname, 'esbuild-with-plugins.mjs');
  const { status, stdout } = spawnSync(process.execPath, [program, JSON.stringify(options)], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error('The function could not be bundled');
  const inputs = stdout.split('\n').map((path) => join(root, path));
  replaceFile(writeUnfinished('LICENSES.txt', describeLicences(inputs)), join(root, functionBundle, 'LICENSES.txt'));
  replaceFile(writeUnfinished('package.json', moduleType), join(root, functionBundle, 'package.json'));
  replaceFile(unfinished, join(root, functionBundle, 'index.js'));
  return inputs;
}

/**
 * The type of the modules in the bundle's folder. Lambda's runtime imports the bundle, and without this file Node would parse it
 * twice to find out the type.
 */
const moduleType = `${JSON.stringify({ type: 'commonjs' })}\n`;

function writeUnfinished(name: string, content: string): string {
  const path = join(root, 'dist', `${process.pid}.unfinished.${name}`);
  writeFileSync(path, content);
  return path;
}

/** Replaces a file in one step, because concurrent programs may bundle: each of them sees no file or a complete one. */
function replaceFile(unfinished: string, path: string): void {
  if (existsSync(path) && readFileSync(path).equals(readFileSync(unfinished))) {
    rmSync(unfinished);
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  renameSync(unfinished, path);
}
