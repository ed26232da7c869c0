import { buildSync, type BuildOptions } from 'esbuild';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFunction } from '../build/bundle-function';
import { functionBundle } from '../lib/function-code';

/** Who is measured: the function as it is deployed, and what it is compared with. */
export type Contestant = 'own' | 'ownDefault' | 'cached' | 'typical' | 'naive' | 'raw' | 'checks';

/** Paths of the programs that the bench starts. */
export interface Programs {
  readonly runtime: string;
  readonly world: string;
}

const root = join(__dirname, '..');
const outputFolder = join(root, 'dist', 'bench');

/** What CDK's `NodejsFunction` does unless told otherwise: CommonJS, not minified, the SDK left to the runtime. */
const cdkDefault: BuildOptions = { external: ['@aws-sdk/*', '@smithy/*'] };

/** Bundles everyone. @returns the path of each one's handler. */
export function bundleContestants(): Readonly<Record<Contestant, string>> {
  bundleFunction();
  // An earlier bundle's code cache would be rejected.
  rmSync(join(outputFolder, 'code.cache'), { force: true });
  return {
    own: join(root, functionBundle, 'index.js'),
    ownDefault: bundle('own-default', 'lambda/index.ts', cdkDefault),
    cached: bundle('cached', 'bench/contestants/cached.ts'),
    typical: bundle('typical', 'bench/contestants/typical.mjs', cdkDefault),
    naive: bundle('naive', 'bench/contestants/naive.ts', cdkDefault),
    raw: bundle('raw', 'bench/contestants/raw.ts'),
    checks: bundle('checks', 'bench/contestants/checks.ts'),
  };
}

/** Bundles the programs that the bench starts. */
export function bundlePrograms(): Programs {
  return {
    runtime: bundle('runtime', 'bench/runtime.ts'),
    world: bundle('world', 'bench/world/server.ts'),
  };
}

function bundle(name: string, entryPoint: string, options: BuildOptions = {}): string {
  const outfile = join(outputFolder, `${name}.js`);
  buildSync({
    entryPoints: [join(root, entryPoint)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    logLevel: 'warning',
    ...options,
  });
  return outfile;
}
