import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { functionBundle } from '../lib/function-code';
import { bundleFunction } from './bundle-function';

const root = join(__dirname, '..');
const packageFolder = join(root, 'dist', 'package');

/**
 * Builds the contents of the npm package: JavaScript and types of the folders in tsconfig.build.json, and the function's bundle,
 * so that users of the package need neither TypeScript nor esbuild.
 */
function buildPackage(): void {
  // Files of an earlier build must not be packed.
  rmSync(packageFolder, { recursive: true, force: true });
  const compiler = require.resolve('typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '--project', join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The package does not compile: see the errors above');
  bundleFunction();
  cpSync(join(root, functionBundle), join(packageFolder, 'function'), { recursive: true });
}

buildPackage();
