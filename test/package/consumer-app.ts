import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import packageJson from '../../package.json';

const root = join(__dirname, '..', '..');
const run = promisify(execFile);

/**
 * An npm project of its own, outside of this one's tree, that has this package installed as its users have it: packed by
 * `npm pack` and installed from the tarball by `npm install`.
 *
 * Without a network: what the package depends on, and what a CDK app in TypeScript has anyway, is linked to this project's
 * node_modules by `file:` dependencies. npm's cache starts empty, so that nothing else can come from there either.
 */
export class ConsumerApp {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'consumer-app-')));
  private readonly npmCache = ['--cache', join(this.folder, '.npm')];

  /** Where the package is installed. */
  get installed(): string {
    return join(this.folder, 'node_modules', packageJson.name);
  }

  /** Packs and installs the package. */
  async install(): Promise<void> {
    const packed = join(this.folder, 'packed');
    mkdirSync(packed);
    await run('npm', ['pack', '--pack-destination', packed, ...this.npmCache], { cwd: root });
    const [tarball = ''] = readdirSync(packed);
    const { dependencies, peerDependencies } = packageJson;
    const linked = [...Object.keys({ ...dependencies, ...peerDependencies }), '@types/node'];
    this.write('package.json', {
      dependencies: Object.fromEntries(linked.map((name) => [name, `file:${join(root, 'node_modules', name)}`])),
    });
    const options = ['--offline', '--no-audit', '--no-fund', ...this.npmCache];
    await run('npm', ['install', join(packed, tarball), ...options], { cwd: this.folder });
  }

  /** Writes a file of the app; what is no text, as JSON. */
  write(name: string, content: unknown): void {
    writeFileSync(join(this.folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }

  /** Compiles the app by a tsconfig of its own. @throws with what the compiler found wrong. */
  async compile(tsconfig: string): Promise<void> {
    const compiler = require.resolve('typescript/bin/tsc');
    await this.node(compiler, '--project', tsconfig);
  }

  /** Runs a file of the app by Node; gives what it printed. @throws with what it printed when it fails. */
  async node(...command: readonly string[]): Promise<string> {
    try {
      const { stdout } = await run(process.execPath, command, { cwd: this.folder });
      return stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${command.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
    }
  }

  /** Removes all of it. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
