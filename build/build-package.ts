import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionBundle } from '../lib/function-code';
import { bundleBrowserModule } from './browser-module';
import { bundleFunction } from './bundle-function';
import { compile } from './compile';
import { runBuild } from './run-build';

const root = join(__dirname, '..');
const packageFolder = join(root, 'dist', 'package');

/**
 * Builds the contents of the npm package: JavaScript and types of the folders in tsconfig.build.json, and the function's bundle,
 * so that users of the package need neither TypeScript nor esbuild.
 */
function buildPackage(): void {
  // Files of an earlier build must not be packed.
  rmSync(packageFolder, { recursive: true, force: true });
  compile(join(root, 'tsconfig.build.json'));
  bundleFunction();
  cpSync(join(root, functionBundle), join(packageFolder, 'function'), { recursive: true });
  buildBrowserModule();
}

/** Writes the module for browsers, `index.mjs`, and its types. The package's other modules are CommonJS. */
function buildBrowserModule(): void {
  const project = join('app', 'browser');
  const types = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--outDir', packageFolder];
  compile(join(root, project), ...types);
  const folder = join(packageFolder, project);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    writeFileSync(path.replace('.d.ts', '.d.mts'), withExtensions(readFileSync(path, 'utf8')));
    rmSync(path);
  }
  writeFileSync(join(folder, 'index.mjs'), bundleBrowserModule());
}

/** The types of ES modules import files with their extension. The contract's types are those of CommonJS modules. */
function withExtensions(types: string): string {
  return types
    .replaceAll(/ from '(\.\/[^']+)'/g, " from '$1.mjs'")
    .replaceAll(/ from '(\.\.\/[^']+)'/g, " from '$1.js'");
}

runBuild('the npm package into dist/package', buildPackage);
