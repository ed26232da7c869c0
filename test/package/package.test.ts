import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import packageJson from '../../package.json';
import { functionBundle } from '../../lib/function-code';
import { synthesize } from '../lib/stacks';
import { ConsumerApp } from './consumer-app';

const root = join(__dirname, '..', '..');
const app = new ConsumerApp();
// Compiles and packs the package, then installs it.
beforeAll(() => app.install());
afterAll(() => app.remove());

// Without CDK's own rules for templates, which take seconds: other tests synthesize with them.
const typescriptApp = `
import { App, Duration, Stack } from 'aws-cdk-lib';
import { LivePhotoUploader, type LivePhotoUploaderProps } from '${packageJson.name}';

const props: LivePhotoUploaderProps = { requestsPerSecond: 5, uploadedExpiration: Duration.days(30) };
// @ts-expect-error The value must be a number: this proves that the types are installed.
const wrong: LivePhotoUploaderProps = { requestsPerSecond: 'five' };

const app = new App({ outdir: 'from-typescript', builtinCloudFormationValidation: false });
const uploader = new LivePhotoUploader(new Stack(app, 'Kyc'), 'Uploader', props);
const bucketName: string = uploader.bucket.bucketName;
app.synth();
`;

const javascriptApp = `
import { App } from 'aws-cdk-lib';
import { ConfigurationError, LivePhotosStack } from '${packageJson.name}';

const app = new App({ outdir: 'from-javascript', builtinCloudFormationValidation: false });
new LivePhotosStack(app, 'Kyc');
app.synth();
try {
  new LivePhotosStack(new App(), 'Wrong', { requestsPerSecond: 1 });
} catch (error) {
  console.log(error instanceof ConfigurationError, error.message);
}
`;

const strict = { target: 'es2023', strict: true, types: ['node'], skipLibCheck: true };

describe('a CDK app with the installed package', () => {
  it('synthesizes in TypeScript, with the module resolution of Node and of bundlers', async () => {
    app.write('app.ts', typescriptApp);
    app.write('node16.json', {
      files: ['app.ts'],
      compilerOptions: { ...strict, module: 'node16', outDir: 'compiled' },
    });
    app.write('bundler.json', { files: ['app.ts'], compilerOptions: { ...strict, module: 'preserve', noEmit: true } });
    await Promise.all([app.compile('node16.json'), app.compile('bundler.json')]);
    await app.node(join('compiled', 'app.js'));
    expectWholeTemplate('from-typescript');
  });

  it('synthesizes in JavaScript, as an ES module, and gets an error for a wrong configuration', async () => {
    app.write('app.mjs', javascriptApp);
    expect(await app.node('app.mjs')).toMatch(/^true requestsPerSecond is 1: /);
    expectWholeTemplate('from-javascript');
  });
});

/** Compares a synthesized stack and its function's code with those of this project. */
function expectWholeTemplate(outdir: string): void {
  const template = JSON.parse(readFileSync(join(app.folder, outdir, 'Kyc.template.json'), 'utf8')) as Template;
  const types = Object.values(template.Resources).map(({ Type }) => Type);
  const { Resources } = synthesize().toJSON() as Template;
  expect(types.sort()).toEqual(
    Object.values(Resources)
      .map(({ Type }) => Type)
      .sort(),
  );
  const [fn] = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  const { S3Key } = fn?.Properties['Code'] as { S3Key: string };
  const asset = join(app.folder, outdir, `asset.${S3Key.replace('.zip', '')}`, 'index.js');
  expect(readFileSync(asset).equals(readFileSync(join(root, functionBundle, 'index.js')))).toBe(true);
}

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>>;
}

interface Manifest {
  readonly main: string;
  readonly types: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
}

describe('the package', () => {
  const { main, types, exports, bin }: Manifest = packageJson;
  const launchers = Object.values(bin);

  it('contains only the compiled code, the function’s bundle and documents', () => {
    const elsewhere = installedFiles('.').filter(
      (path) =>
        !/^(dist\/package\/.+\.(js|d\.ts)|docs\/.+\.(json|md|png|svg)|(CHANGELOG|CONTRIBUTING|SECURITY)\.md)$/.test(
          path,
        ),
    );
    expect(elsewhere.sort()).toEqual([
      'LICENSE',
      'README.md',
      ...launchers,
      'dist/package/function/package.json',
      'package.json',
    ]);
  });

  it('has each module that it exports, with its types', () => {
    const modules = [main, ...Object.values(exports)].filter((path) => path.endsWith('.js'));
    const files = modules.flatMap((path) => [path, path.replace(/\.js$/, '.d.ts')]);
    expect(files.filter((path) => !existsSync(join(app.installed, path)))).toEqual([]);
    expect(files).toContain(types);
  });

  it('imports only its dependencies', () => {
    const { dependencies, peerDependencies } = packageJson;
    const installed = Object.keys({ ...dependencies, ...peerDependencies });
    const imports = compiledFiles()
      .flatMap(importsOf)
      .filter((name) => !name.startsWith('.'));
    expect(imports).toContain('aws-cdk-lib');
    const missing = imports.filter(
      (name) => !isBuiltin(name) && !installed.some((known) => name === known || name.startsWith(`${known}/`)),
    );
    expect(missing).toEqual([]);
  });

  it('requires the CDK only for the construct', () => {
    const others = compiledFiles().filter((path) => /package\/(app|cli|lambda)\//.test(path));
    expect(others.length).toBeGreaterThan(50);
    const needing = others.filter((path) =>
      importsOf(path).some((name) => /^(aws-cdk-lib|constructs)|\/lib\//.test(name)),
    );
    expect(needing).toEqual([]);
  });
});

/** The imports of a compiled file: packages and files of the package. */
function importsOf(path: string): string[] {
  const imports = readFileSync(path, 'utf8').matchAll(/(?:\brequire\(|\bimport\(|\bfrom )["']([^"']+)["']/g);
  return [...imports].map(([, name = '']) => name);
}

/** All compiled files except the function's bundle, which runs only on Lambda. */
function compiledFiles(): string[] {
  return installedFiles('dist/package')
    .filter((path) => !path.startsWith('dist/package/function/'))
    .map((path) => join(app.installed, path));
}

/** The files in a folder of the installed package, as paths inside the package. */
function installedFiles(folder: string): string[] {
  return readdirSync(join(app.installed, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(app.installed, join(parentPath, name)));
}
