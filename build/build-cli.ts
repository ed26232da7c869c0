import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from './compile';

const root = join(__dirname, '..');
const cli = join(root, 'cli');

/** Builds the contents of the command line's npm package: its JavaScript, with the contract that it imports, and the licence. */
function buildCli(): void {
  compile(join(cli, 'tsconfig.build.json'), join(cli, 'dist'));
  cpSync(join(root, 'LICENSE'), join(cli, 'LICENSE'));
}

buildCli();
