import { spawnSync } from 'node:child_process';

/** Compiles a TypeScript project with further options of the compiler. @throws if it does not compile. */
export function compile(project: string, ...options: readonly string[]): void {
  const compiler = require.resolve('typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '--project', project, ...options], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The package does not compile: see the errors above');
}
