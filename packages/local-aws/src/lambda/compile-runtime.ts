import { buildSync } from 'esbuild';
import { join } from 'node:path';

/**
 * Compiles `runtime.ts`, the program that each execution environment runs.
 * @returns its path below `folder`.
 */
export function compileRuntime(folder: string): string {
  const outfile = join(folder, 'runtime.js');
  const entryPoint = join(__dirname, 'runtime.ts');
  buildSync({ entryPoints: [entryPoint], outfile, platform: 'node', format: 'cjs', bundle: true });
  return outfile;
}
