import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '..', '..');
const run = promisify(execFile);

/** What {@link ConsumerApp} reads of the package.json of the installed package. */
interface Manifest {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * A separate npm project, outside this repository, that installs one of its packages like users do: `npm pack`, then `npm install`
 * of the tarball.
 *
 * It uses no network: dependencies are linked to this project's node_modules with `file:`, and npm's cache is empty.
 */
export class ConsumerApp {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'consumer-app-')));
  private readonly npmCache = ['--cache', join(this.folder, '.npm')];

  /** @param manifest of the package to install. */
  constructor(private readonly manifest: Manifest) {}

  /** The folder of the installed package. */
  get installed(): string {
    return join(this.folder, 'node_modules', this.manifest.name);
  }

  /** Builds and packs the package in a folder of this repository. @returns the path of the tarball. */
  async pack(source: string): Promise<string> {
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', this.folder, ...this.npmCache], {
      cwd: source,
    });
    // What the build prints comes first.
    const [packed] = JSON.parse(stdout.slice(stdout.search(/^\[/m))) as [{ readonly filename: string }];
    return join(this.folder, packed.filename);
  }

  /** Installs the tarball of the package, and other packages that the app has. */
  async install(tarball: string, others: readonly string[] = []): Promise<void> {
    const linked = [...Object.keys(this.manifest.dependencies), ...others];
    this.write('package.json', {
      dependencies: Object.fromEntries(linked.map((name) => [name, `file:${join(root, 'node_modules', name)}`])),
    });
    const options = ['--offline', '--no-audit', '--no-fund', ...this.npmCache];
    await run('npm', ['install', tarball, ...options], { cwd: this.folder });
  }

  /** The names of the packages that are installed in the app. */
  packages(): string[] {
    const modules = join(this.folder, 'node_modules');
    const inScope = (scope: string): string[] => readdirSync(join(modules, scope)).map((name) => `${scope}/${name}`);
    return readdirSync(modules)
      .filter((name) => !name.startsWith('.'))
      .flatMap((name) => (name.startsWith('@') ? inScope(name) : name));
  }

  /** The files in a folder of the installed package, as paths inside the package. */
  files(folder: string): string[] {
    return readdirSync(join(this.installed, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(this.installed, join(parentPath, name)));
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
