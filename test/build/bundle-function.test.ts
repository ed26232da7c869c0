import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { zipBytes } from '../../build/zip-size';
import { describeLicences } from '../../build/bundled-licences';
import { bundleFunction } from '../../build/bundle-function';
import { EventStreamSerde, resolveEventStreamSerdeConfig } from '../../build/sdk-replacements/event-streams';
import { functionBundle } from '../../lib/function-code';
import { durationVariables, environmentNames } from '../../contract/environment';
import { s3Body, sqsEvent, sqsRecord } from '../lambda/fixtures/events';
import { type ScriptedServer, startScriptedServer } from '../lambda/fixtures/scripted-server';

const root = join(__dirname, '..', '..');
const folder = join(root, functionBundle);
const bundledFiles = bundleFunction();
/**
 * Loads the bundle like Lambda does and prints the number of opened files, the loaded Node modules and the V8 flags that it set. Then
 * calls the handler with the event of one photo.
 */
const program = `
  const v8 = require('node:v8');
  const { setFlagsFromString } = v8;
  const flags = [];
  v8.setFlagsFromString = (flag) => {
    flags.push(flag);
    setFlagsFromString(flag);
  };
  const before = new Set(process.moduleLoadList);
  const { handler } = require(${JSON.stringify(join(folder, 'index.js'))});
  const nodeModules = process.moduleLoadList.filter((name) => !before.has(name) && name.startsWith('NativeModule '));
  console.log(JSON.stringify({ openedFiles: Object.keys(require.cache).length, nodeModules, flags }));
  const context = { awsRequestId: 'invocation-1', getRemainingTimeInMillis: () => 60000 };
  handler(${JSON.stringify(sqsEvent(sqsRecord('m1', s3Body())))}, context).then((answer) => console.log(JSON.stringify(answer)));
`;

interface BundledPackage {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** Packages that contain no file with the text of their licence. */
const withoutTerms = ['@middy/core'];

/** The package that contains a file. */
function packageOf(path: string): BundledPackage {
  const parent = dirname(path);
  const packageJson = join(parent, 'package.json');
  if (existsSync(packageJson)) {
    const content = JSON.parse(readFileSync(packageJson, 'utf8')) as Omit<BundledPackage, 'folder'>;
    // Folders inside of a package can have a package.json without a version.
    if ('version' in content) return { ...content, folder: parent };
  }
  return packageOf(parent);
}

describe('the function’s bundle', () => {
  let aws: ScriptedServer;
  let lines: (credentials: Record<string, string>) => Promise<string[]>;

  beforeAll(async () => {
    aws = await startScriptedServer();
    aws.replyWith({ status: 403 });
    lines = async (credentials) => {
      aws.requests.length = 0;
      const env = {
        ...credentials,
        AWS_REGION: 'us-east-1',
        AWS_ENDPOINT_URL: aws.url,
        AWS_LAMBDA_FUNCTION_NAME: 'upload',
        ...durationVariables,
        [environmentNames.apiKeySecretId]: 'api-key',
        [environmentNames.claimsBucket]: 'claims',
        [environmentNames.clientIdMetadata]: 'client-id',
        [environmentNames.complyCubeBaseUrl]: aws.url,
        [environmentNames.deadLetterQueueUrl]: `${aws.url}/dead-letters`,
        [environmentNames.eventBusName]: 'default',
        [environmentNames.photoBucket]: 'photos',
        [environmentNames.requestsPerSecond]: '5',
        [environmentNames.uploadQueueUrl]: `${aws.url}/uploads`,
      };
      const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', program], { env });
      // V8's message for an unknown flag.
      expect(stderr).not.toContain('unrecognized flag');
      return stdout.trim().split('\n');
    };
  });
  afterAll(() => aws.close());

  it('is one file, its package.json and the licences, in a zip of at most 400 KB', () => {
    expect(readdirSync(folder)).toEqual(['LICENSES.txt', 'index.js', 'package.json']);
    expect(zipBytes(readdirSync(folder).map((name) => join(folder, name)))).toBeLessThanOrEqual(400_000);
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe('{"type":"commonjs"}\n');
  });

  it('is the same, byte for byte, when it is built in another folder', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'live-photos-another-folder-'));
    for (const name of ['build', 'contract', 'lambda', 'lib', 'package.json', 'tsconfig.json']) {
      cpSync(join(root, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const build = "require('./build/bundle-function').bundleFunction()";
    await promisify(execFile)(process.execPath, ['--import', 'tsx', '-e', build], { cwd: copy });
    for (const name of readdirSync(folder)) {
      const isSame = readFileSync(join(copy, functionBundle, name)).equals(readFileSync(join(folder, name)));
      expect([name, isSame]).toEqual([name, true]);
    }
  });

  it('loads no other file and none of the Node modules that the replacements avoid', async () => {
    const [loaded = ''] = await lines({ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
    const { openedFiles, nodeModules } = JSON.parse(loaded) as { openedFiles: number; nodeModules: string[] };
    expect(openedFiles).toBe(1);
    expect(nodeModules).toContain('NativeModule https');
    expect(nodeModules.filter((name) => /webstreams|webcrypto|undici|http2|fs\/promises/.test(name))).toEqual([]);
  });

  it('turns off V8’s incremental marking', async () => {
    const [loaded = ''] = await lines({ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
    expect(JSON.parse(loaded)).toMatchObject({
      flags: expect.arrayContaining(['--no-incremental-marking']) as unknown,
    });
  });

  it('signs its calls with the credentials from the environment', async () => {
    const credentials = {
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'session',
    };
    const printed = await lines(credentials);
    expect(printed.at(-1)).toBe('{"batchItemFailures":[{"itemIdentifier":"m1"}]}');
    expect(aws.requests.length).toBeGreaterThan(0);
    for (const { headers } of aws.requests) {
      expect(headers.authorization).toContain('Credential=AKIDEXAMPLE/');
      expect(headers['x-amz-security-token']).toBe('session');
    }
  });

  it('reads the API key at its start, before a photo requires it', async () => {
    await lines({ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
    // S3 refused the photo, so nothing else could have read the key.
    expect(aws.requests.map(({ headers }) => headers['x-amz-target'])).toContain('secretsmanager.GetSecretValue');
  });

  it('names the missing variables when the environment has no credentials, and the message is retried', async () => {
    const [, ...others] = await lines({});
    expect(others.join()).toContain('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set');
    expect(others.at(-1)).toBe('{"batchItemFailures":[{"itemIdentifier":"m1"}]}');
    expect(aws.requests).toHaveLength(0);
  });
});

describe('the licences in the bundle', () => {
  const list = readFileSync(join(folder, 'LICENSES.txt'), 'utf8');
  const byFolder = new Map(bundledFiles.map(packageOf).map((bundled) => [bundled.folder, bundled]));
  byFolder.delete(root);
  const packages = [...byFolder.values()];

  it('are those of the packages whose code it contains, and of no others', () => {
    const listed = Array.from(list.matchAll(/^\S+ \d+\.\d+\.\S+ \(.+\)$/gm), ([line]) => line);
    const bundled = packages.map(({ name, version, license }) => `${name} ${version} (${license})`);
    expect(listed.sort()).toEqual(bundled.sort());
  });

  it.each(packages)('have the terms of $name', ({ folder: packageFolder, name, version }) => {
    const part = list.split('-'.repeat(80)).find((text) => text.includes(`\n${name} ${version} (`));
    const files = readdirSync(packageFolder).filter((file) => /^licen[cs]e/i.test(file));
    expect(files.length === 0).toBe(withoutTerms.includes(name));
    const terms = files.map((file) => readFileSync(join(packageFolder, file), 'utf8').trim());
    for (const text of files.length === 0 ? ['The package contains no text of its licence.'] : terms) {
      expect(part).toContain(text);
    }
  });

  it('must be named by each package', () => {
    const packageFolder = join(mkdtempSync(join(tmpdir(), 'live-photos-')), 'node_modules', 'nameless');
    mkdirSync(packageFolder, { recursive: true });
    writeFileSync(join(packageFolder, 'package.json'), '{"name":"nameless","version":"1.0.0"}');
    expect(() => describeLicences([join(packageFolder, 'index.js')])).toThrow('nameless names no licence');
  });
});

describe('the replacement of event streams', () => {
  it('returns a client’s configuration unchanged', () => {
    const configuration = { region: 'us-east-1' };
    expect(resolveEventStreamSerdeConfig(configuration)).toBe(configuration);
  });

  it('fails a call with an event stream and says why', () => {
    expect(() => new (EventStreamSerde as unknown as new () => object)()).toThrow('no event streams');
  });
});
