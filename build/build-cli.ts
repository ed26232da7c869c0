import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from './compile';
import { runBuild } from './run-build';

const root = join(__dirname, '..');
const cli = join(root, 'cli');

/** Builds the contents of the command line's npm package: its JavaScript, with the contract that it imports, and the licence. */
function buildCli(): void {
  // Files of an earlier build must not be packed.
  rmSync(join(cli, 'dist'), { recursive: true, force: true });
  compile(join(cli, 'tsconfig.build.json'));
  cpSync(join(root, 'LICENSE'), join(cli, 'LICENSE'));
}

runBuild("the command line's npm package into cli/dist", buildCli);
