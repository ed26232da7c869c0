import { buildSync } from 'esbuild';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { functionBundle } from '../lib/function-code';

const root = join(__dirname, '..');

/** Parts of the SDK that would cost much at each start of the function and do nothing there, and what stands in for each. */
const sdkStandIns = {
  '@aws-sdk/credential-provider-node': join(__dirname, 'sdk-stand-ins', 'credentials.ts'),
  '@smithy/core/event-streams': join(__dirname, 'sdk-stand-ins', 'event-streams.ts'),
};

/**
 * Bundles the function into one CommonJS file, its SDK included: what is deployed is what was tested, whichever SDK the
 * runtime brings. CommonJS, because an ES module's `import 'node:http'` makes Node load undici and HTTP/2 as well.
 */
export function bundleFunction(): void {
  const { outputFiles } = buildSync({
    write: false,
    entryPoints: [join(root, 'lambda', 'handler.ts')],
    outfile: join(root, functionBundle, 'index.js'),
    bundle: true,
    platform: 'node',
    // The oldest Node that the pipeline runs on locally; the deployed runtime is newer.
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    alias: sdkStandIns,
    logLevel: 'warning',
  });
  for (const { path, contents } of outputFiles) writeIfChanged(path, contents);
}

/** Programs that run at the same time may bundle at the same time: each sees either no file or a whole one. */
function writeIfChanged(path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = join(root, 'dist', `${process.pid}.unfinished`);
  writeFileSync(unfinished, contents);
  renameSync(unfinished, path);
}

if (require.main === module) bundleFunction();
