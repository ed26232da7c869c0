import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { functionBundle } from '../lib/function-code';
import { bundleFunction } from './bundle-function';
import { compile } from './compile';

const root = join(__dirname, '..');
const packageFolder = join(root, 'dist', 'package');

/**
 * Builds the contents of the npm package: JavaScript and types of the folders in tsconfig.build.json, and the function's bundle,
 * so that users of the package need neither TypeScript nor esbuild.
 */
function buildPackage(): void {
  compile(join(root, 'tsconfig.build.json'), packageFolder);
  bundleFunction();
  cpSync(join(root, functionBundle), join(packageFolder, 'function'), { recursive: true });
}

buildPackage();
