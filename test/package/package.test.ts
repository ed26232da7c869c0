import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSync } from 'esbuild';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import packageJson from '../../package.json';
import { functionBundle } from '../../lib/function-code';
import { findChromium, launchChromium } from '../../local/chromium';
import { until } from '../until';
import { readDocument } from '../docs/documents';
import { readTable } from '../docs/tables';
import { synthesize } from '../lib/stacks';
import { ConsumerApp } from './consumer-app';
import { importedPackages, importsOf } from './imports';
import { dependencyFolders, expectNear, megabytes } from './installed-size';

const root = join(__dirname, '..', '..');
const app = new ConsumerApp(packageJson);
const backEnd = new ConsumerApp(packageJson);
beforeAll(async () => {
  const tarball = await app.pack(root);
  await app.install(tarball, [...Object.keys(packageJson.peerDependencies), '@types/node']);
  await backEnd.install(tarball);
});
afterAll(() => {
  app.remove();
  backEnd.remove();
});

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

const backEndProgram = `
import { S3Client } from '@aws-sdk/client-s3';
import { waitForOutcome } from '${packageJson.name}/outcomes';
import { createUploadGrant } from '${packageJson.name}/upload-grants';

const s3 = new S3Client({ region: 'eu-central-1', credentials: { accessKeyId: 'id', secretAccessKey: 'secret' } });
const { fields, bucket, key } = await createUploadGrant({ s3, bucket: 'photos', clientId: 'client_1' });
const outcome = await waitForOutcome({ s3, bucket, key, deadlineMs: -1 }).catch((error) => error.name);
console.log(JSON.stringify({ clientId: fields['x-amz-meta-client-id'], outcome }));
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

const pageProgram = `
import { checkPhoto, type PhotoCheck, preparePhoto, SendPhotoError, sendPhoto } from '${packageJson.name}/browser';

export async function send(file: File): Promise<string> {
  const checked: PhotoCheck = await checkPhoto(file);
  // @ts-expect-error Only a refused photo has a reason: this proves that the types are installed.
  checked.reason;
  const prepared = await preparePhoto(file, { stripMetadata: true });
  if (prepared.status === 'refused') return prepared.reason;
  try {
    await sendPhoto({ url: '/', fields: {} }, prepared.photo);
  } catch (error) {
    if (error instanceof SendPhotoError) return error.reason;
  }
  return prepared.contentType;
}
`;

describe('a page with the installed package', () => {
  it('compiles in TypeScript, with the module resolution of Node and of bundlers, and without skipLibCheck', async () => {
    app.write('page.mts', pageProgram);
    const forPages = { target: 'es2022', lib: ['es2022', 'dom'], strict: true, types: [], noEmit: true };
    app.write('page-nodenext.json', { files: ['page.mts'], compilerOptions: { ...forPages, module: 'nodenext' } });
    app.write('page-bundler.json', { files: ['page.mts'], compilerOptions: { ...forPages, module: 'preserve' } });
    await Promise.all([app.compile('page-nodenext.json'), app.compile('page-bundler.json')]);
  });

  it('is bundled with nothing but the module', () => {
    app.write('page.mts', pageProgram);
    const { metafile } = buildSync({
      entryPoints: [join(app.folder, 'page.mts')],
      bundle: true,
      write: false,
      format: 'esm',
      metafile: true,
    });
    const inputs = Object.keys(metafile.inputs).map((path) => relative(app.folder, resolve(path)));
    expect(inputs).toEqual([
      join('node_modules', packageJson.name, packageJson.exports['./browser'].default),
      'page.mts',
    ]);
  });

  it('runs in a module script, without a bundler', async () => {
    const executable = findChromium(process.env);
    if (executable === undefined) {
      process.stderr.write(
        'The module is not tested in a page: Chromium is not in PATH, and CHROMIUM_PATH is not set.\n',
      );
      return;
    }
    const module = readFileSync(join(app.installed, packageJson.exports['./browser'].default));
    const html = `<!doctype html><script type="module">
      import { checkPhoto } from './index.mjs';
      document.title = (await checkPhoto(new Blob())).reason;
    </script>`;
    const server = createServer(({ url }, response) => {
      const isModule = url === '/index.mjs';
      response.setHeader('content-type', isModule ? 'text/javascript' : 'text/html').end(isModule ? module : html);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const browser = await launchChromium(executable);
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await until(async () => (await page.title()) === 'too-small');
    } finally {
      await browser.close();
      server.close();
    }
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
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
}

describe('the package', () => {
  const { main, types, exports }: Manifest = packageJson;

  it('contains only the compiled code, the function’s bundle, the example and documents', () => {
    const elsewhere = app
      .files('.')
      .filter(
        (path) =>
          !/^(dist\/package\/.+\.(m?js|d\.m?ts)|docs\/.+\.(json|md|png|svg)|examples\/.+|(CHANGELOG|CONTRIBUTING|SECURITY)\.md)$/.test(
            path,
          ),
      );
    expect(elsewhere.sort()).toEqual([
      'LICENSE',
      'README.md',
      'dist/package/function/LICENSES.txt',
      'dist/package/function/package.json',
      'package.json',
    ]);
  });

  it('has each module that it exports, with its types', () => {
    const modules = [main, ...Object.values(exports).map((one) => (typeof one === 'string' ? one : one.default))];
    const files = modules
      .filter((path) => /\.m?js$/.test(path))
      .flatMap((path) => [path, path.replace(/\.(m?)js$/, '.d.$1ts')]);
    expect(exports['./browser']).toEqual(
      expect.objectContaining({ types: files.find((path) => path.endsWith('.d.mts')) }),
    );
    expect(files.filter((path) => !existsSync(join(app.installed, path)))).toEqual([]);
    expect(files).toContain(types);
  });

  it('imports its dependencies and the CDK, and no other packages', () => {
    const { dependencies, peerDependencies } = packageJson;
    const declared = Object.keys({ ...dependencies, ...peerDependencies });
    expect(importedPackages(compiledFiles())).toEqual(declared.sort());
  });

  it('contains an example that imports only files of the package', () => {
    const paths = app.files('examples').filter((path) => /\.m?[jt]s$/.test(path));
    expect(paths).toContain(join('examples', 'selfie-app', 'back-end', 'api.ts'));
    const files = paths.flatMap((path) =>
      importsOf(join(app.installed, path))
        .filter((name) => name.startsWith('.'))
        .map((name) => join(app.installed, dirname(path), name)),
    );
    const missing = files.filter((file) => !existsSync(file) && !existsSync(`${file}.ts`));
    // The back end serves the module for browsers at this path.
    expect(missing).toEqual([join(app.installed, 'examples', 'selfie-app', 'page', 'browser.mjs')]);
  });

  it('requires the CDK only for the construct', () => {
    const others = compiledFiles().filter((path) => !path.includes('/package/lib/'));
    expect(others.length).toBeGreaterThan(5);
    const needing = others.filter((path) =>
      importsOf(path).some((name) => /^(aws-cdk-lib|constructs)|\/lib\//.test(name)),
    );
    expect(needing).toEqual([]);
  });
});

describe('the example’s CDK app', () => {
  it('synthesizes with the built package, as its README says', async () => {
    const outdir = join(app.folder, 'from-example');
    const program = join('examples', 'selfie-app', 'cdk', 'app.ts');
    const env = { ...process.env, CDK_OUTDIR: outdir };
    await promisify(execFile)(process.execPath, ['--import', 'tsx', program], { cwd: root, env });
    const template = JSON.parse(readFileSync(join(outdir, 'SelfieApp.template.json'), 'utf8')) as Template;
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    expect(types.filter((type) => type === 'AWS::Lambda::Function')).toHaveLength(2);
    const served = readdirSync(outdir)
      .map((name) => join(outdir, name, 'page', 'browser.mjs'))
      .filter((path) => existsSync(path));
    const built = readFileSync(join(root, packageJson.exports['./browser'].default), 'utf8');
    expect(served.map((path) => readFileSync(path, 'utf8'))).toEqual([built]);
  });
});

describe('a back end with the installed package', () => {
  it('grants uploads and reads outcomes with two clients of S3, and nothing else installed', async () => {
    backEnd.write('back-end.mjs', backEndProgram);
    expect(JSON.parse(await backEnd.node('back-end.mjs'))).toEqual({
      clientId: 'client_1',
      outcome: 'InvalidOptionError',
    });
    const s3Clients = ['@aws-sdk/client-s3', '@aws-sdk/s3-presigned-post'];
    expect(backEnd.packages().sort()).toEqual([...s3Clients, packageJson.name]);
  });

  it('has as many packages and megabytes as the documentation says', () => {
    const clients = [...dependencyFolders(Object.keys(packageJson.dependencies), root)];
    const [ofClients, ofPackage] = [megabytes(clients), megabytes([backEnd.installed])];
    const [clientsRow, packageRow] = readTable('docs/decisions/0019-dependencies.md', 'Figures');
    expect([clientsRow?.['packages'], packageRow?.['packages']]).toEqual([
      `${clients.length}`,
      `${clients.length + 1}`,
    ]);
    expectNear(clientsRow?.['MB'], ofClients);
    expectNear(packageRow?.['MB'], ofClients + ofPackage);
    const text = readDocument('docs/app-developers.md').replaceAll(/\s+/g, ' ');
    const [, added, packages, all] =
      /adds 1 package and (\S+) MB to the (\d+) packages and (\S+) MB of/.exec(text) ?? [];
    expect(packages).toBe(`${clients.length}`);
    expectNear(added, ofPackage);
    expectNear(all, ofClients);
  });
});

/** All compiled files except the function's bundle, which runs only on Lambda. */
function compiledFiles(): string[] {
  return app
    .files('dist/package')
    .filter((path) => !path.startsWith('dist/package/function/'))
    .map((path) => join(app.installed, path));
}
