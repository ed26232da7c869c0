import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

/** Compiles a package with one of the tsconfig.build.json files, into an empty folder. @throws if it does not compile. */
export function compile(tsconfig: string, outFolder: string): void {
  // Files of an earlier build must not be packed.
  rmSync(outFolder, { recursive: true, force: true });
  const compiler = require.resolve('typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '--project', tsconfig], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The package does not compile: see the errors above');
}
