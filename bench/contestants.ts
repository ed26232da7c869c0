import { buildSync, type BuildOptions } from 'esbuild';
import { join } from 'node:path';
import { bundleFunction } from '../build/bundle-function';
import { functionBundle } from '../lib/function-code';

/** What is measured: `own` is the deployed function, the others are what it is compared with. */
export type Contestant = 'own' | 'ownDefault' | 'typical' | 'naive' | 'raw' | 'checks';

/** Paths of the programs that the benchmark starts. */
export interface Programs {
  readonly runtime: string;
  readonly services: string;
}

const root = join(__dirname, '..');
const outputFolder = join(root, 'dist', 'bench');

/** The defaults of CDK's `NodejsFunction`: CommonJS, not minified, the SDK comes from the runtime. */
const cdkDefault: BuildOptions = { external: ['@aws-sdk/*', '@smithy/*'] };

/** Bundles all contestants. @returns the path of each handler. */
export function bundleContestants(): Readonly<Record<Contestant, string>> {
  bundleFunction();
  return {
    own: join(root, functionBundle, 'index.js'),
    ownDefault: bundle('own-default', 'lambda/index.ts', cdkDefault),
    typical: bundle('typical', 'bench/contestants/typical.mjs', cdkDefault),
    naive: bundle('naive', 'bench/contestants/naive.ts', cdkDefault),
    raw: bundle('raw', 'bench/contestants/raw.ts'),
    checks: bundle('checks', 'bench/contestants/checks.ts'),
  };
}

/** Bundles the programs that the benchmark starts. */
export function bundlePrograms(): Programs {
  return {
    runtime: bundle('runtime', 'bench/runtime.ts'),
    services: bundle('services', 'bench/services/server.ts'),
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
