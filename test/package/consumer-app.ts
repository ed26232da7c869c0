import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import packageJson from '../../package.json';

const root = join(__dirname, '..', '..');
const run = promisify(execFile);

/**
 * A separate npm project, outside this repository, that installs this package like its users do: `npm pack`, then `npm install` of
 * the tarball.
 *
 * It uses no network: dependencies are linked to this project's node_modules with `file:`, and npm's cache is empty.
 */
export class ConsumerApp {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'consumer-app-')));
  private readonly npmCache = ['--cache', join(this.folder, '.npm')];

  /** The folder of the installed package. */
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

  /** Writes a file of the app. Content that is not a string is written as JSON. */
  write(name: string, content: unknown): void {
    writeFileSync(join(this.folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }

  /** Compiles the app with one of its tsconfig files. @throws with the compiler's errors. */
  async compile(tsconfig: string): Promise<void> {
    const compiler = require.resolve('typescript/bin/tsc');
    await this.node(compiler, '--project', tsconfig);
  }

  /** Runs a file of the app with Node and returns its output. @throws with the output if it fails. */
  async node(...command: readonly string[]): Promise<string> {
    try {
      const { stdout } = await run(process.execPath, command, { cwd: this.folder });
      return stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${command.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
    }
  }

  /** Removes the project. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
