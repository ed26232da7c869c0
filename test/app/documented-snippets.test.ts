import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { findChromium, launchChromium } from '../../local/chromium';
import { waitForOutcome } from '../../app/outcomes';
import { createUploadGrant, type UploadGrant } from '../../app/upload-grants';
import { type ComplyCubeChoice, startStandIn } from '../../local/start/choose-complycube';
import { type LocalPipeline, localCredentials, startPipeline } from '../../local/pipeline/pipeline';
import { makeJpeg } from 'sample-photos/jpeg';
import { sampleClientId } from '../../local/start/sample-set';
import { until } from '../until';
import { bundle, bundleForPages, snippet, snippets, typeErrors } from './documented-snippets';

const photo = makeJpeg({ bytes: 60_000, seed: 1 });

/** The page's server: its files, and the paths of the back end. */
const pages = new Map<string, string | Buffer>();
let backEndUrl = '';
const pageServer = createServer((request, response) => {
  const { url = '', method } = request;
  const file = pages.get(url);
  if (file !== undefined) response.setHeader('content-type', 'text/javascript').end(file);
  else if (url.startsWith('/photo-')) {
    sendRequest(backEndUrl + url, { method }, (answer) => {
      response.statusCode = answer.statusCode ?? 502;
      answer.pipe(response);
    })
      .on('error', () => response.destroy())
      .end();
  } else response.setHeader('content-type', 'text/html').end('<!doctype html>');
});
let page: string;

let complyCube: ComplyCubeChoice;
let pipeline: LocalPipeline;
let bucket: string;
let s3: S3Client;
let folder: string;

beforeAll(async () => {
  pageServer.listen(0, '127.0.0.1');
  await once(pageServer, 'listening');
  page = `http://127.0.0.1:${(pageServer.address() as AddressInfo).port}`;
  complyCube = await startStandIn(true);
  const { access, waitSpeed } = complyCube;
  pipeline = await startPipeline({ complyCube: access, waitSpeed, settings: { uploadOrigins: page } });
  bucket = pipeline.deployment.photoBucket;
  s3 = new S3Client({ endpoint: pipeline.s3.url, region: 'us-east-1', credentials: localCredentials });
  folder = mkdtempSync(join(tmpdir(), 'documented-snippets-'));
});

afterAll(async () => {
  s3.destroy();
  rmSync(folder, { recursive: true });
  await pipeline.stop();
  await complyCube.close();
  pageServer.close();
});

const outcomeOf = (key: string) => waitForOutcome({ s3, bucket, key, deadlineMs: 300_000 });
const uploaded = { status: 'uploaded', livePhotoId: expect.stringMatching(/./) };

/** Serves the documented back end at the paths that the documentation names. */
const server = `
import { createServer } from 'node:http';
const session: Session = { complyCubeClientId: process.env['CLIENT_ID'] ?? '', photoKeys: [] };
// On a busy machine the photo can still be pending when the documented wait ends: ask again.
async function finalOutcome(of: Session, key: string): Promise<PhotoOutcome> {
  const outcome = await photoOutcome(of, key);
  return outcome.status === 'pending' ? finalOutcome(of, key) : outcome;
}
createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://any');
  const answer = { '/photo-grants': grantPhoto, '/photo-arrived': photoArrived }[pathname] ?? finalOutcome;
  await answer(session, searchParams.get('key')).then(
    (body) => response.end(JSON.stringify(body)),
    () => response.writeHead(403).end(),
  );
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

/** Runs the documented back end in a separate process, until `end` is called. */
async function startBackEnd(): Promise<{ readonly url: string; end(): void }> {
  const path = join(folder, 'back-end.cjs');
  writeFileSync(path, bundle(snippet('ts', 'createUploadGrant(') + server));
  const { PATH } = process.env;
  const env = { PATH, ...pipeline.awsVariables, LIVE_PHOTOS_BUCKET: bucket, CLIENT_ID: sampleClientId };
  const child = spawn(process.execPath, [path], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  await until(() => out.includes('\n'));
  return { url: `http://127.0.0.1:${out.trim()}`, end: () => child.kill() };
}

describe('the documented code for apps', () => {
  it('exists in every language', () => {
    expect(snippets().map(({ language }) => language)).toEqual([
      'sh',
      'ts',
      'ts',
      'js',
      'swift',
      'kotlin',
      'sh',
      'ts',
      'sh',
    ]);
  });

  it('is TypeScript that compiles in strict mode', () => {
    const consumer = snippet('ts', 'outcomeFromEvent(');
    const misspelt = consumer.replace('outcome.reason', 'outcome.raeson');
    expect(typeErrors(snippet('ts', 'createUploadGrant('), snippet('ts', 'preparePhoto('), consumer, misspelt)).toEqual(
      [[], [], [], [expect.stringContaining("Property 'raeson' does not exist")]],
    );
  });

  it('prepares and uploads a photo in a page with a grant of the back end', async () => {
    const executable = findChromium(process.env);
    const program = bundleForPages(`${snippet('ts', 'preparePhoto(')}; window.send = send;`);
    if (executable === undefined) {
      process.stderr.write(
        'The code for pages was bundled but not run: Chromium is not in PATH, and CHROMIUM_PATH is not set.\n',
      );
      return;
    }
    const backEnd = await startBackEnd();
    const browser = await launchChromium(executable);
    try {
      const tab = await browser.newPage();
      pages.set('/send.js', program);
      pages.set('/photo.jpg', photo);
      backEndUrl = backEnd.url;
      await tab.goto(page);
      await tab.evaluate(`import('/send.js').then(async () => {
        window.chosen = { file: await (await fetch('/photo.jpg')).blob() };
        window.read = async (path, key = chosen.grant.key) => (await fetch('/photo-' + path + '?key=' + key)).json();
      })`);
      // The first answer of S3 is lost, and then the back end is unreachable.
      let posts = 0;
      await tab.route(pipeline.s3.url + '/**', async (route) => {
        if (route.request().method() !== 'POST' || (posts += 1) > 1) return route.continue();
        await route.fetch();
        return route.abort('connectionreset');
      });
      await tab.route('**/photo-arrived*', (route) => route.abort('internetdisconnected'), { times: 1 });
      expect(await tab.evaluate(`send(chosen, () => {})`)).toContain('The photo was perhaps sent.');
      const sends = posts;
      expect(await tab.evaluate(`send(chosen, () => {})`)).toBeUndefined();
      expect(await tab.evaluate(`send(chosen, () => {})`)).toBeUndefined();
      expect(posts).toBe(sends);
      expect(await tab.evaluate(`read('outcome')`)).toEqual(uploaded);
      expect(await tab.evaluate(`read('arrived')`)).toBe(true);
      // Another grant, for example in another tab, changes nothing for the first photo.
      await tab.evaluate(`fetch('/photo-grants', { method: 'POST' })`);
      expect(await tab.evaluate(`read('arrived')`)).toBe(true);
      const strange = `fetch('/photo-outcome?key=photo.jpg').then(({ status }) => status)`;
      expect(await tab.evaluate(strange)).toBe(403);
      expect(await tab.evaluate(`send({ file: new Blob(['no photo']) }, () => {})`)).toContain('JPEG or PNG');
    } finally {
      await browser.close();
      backEnd.end();
    }
  });

  it('opens a HEIC with heic-to', async () => {
    const standIn = join(folder, 'heic-to.js');
    writeFileSync(standIn, 'export const heicTo = ({ blob, type }) => `${type} of ${blob}`;');
    const program = bundleForPages(`${snippet('js', 'heicTo(')}; globalThis.opened = decode('a HEIC');`, {
      'heic-to/csp': standIn,
    });
    const context: { opened?: Promise<string> } = {};
    runInNewContext(program.replace(/export \{[^}]*\};/, ''), Object.assign(context, { globalThis: context }));
    expect(await context.opened).toBe('bitmap of a HEIC');
  });

  it('reads the outcome that the function published', async () => {
    const grant = await createUploadGrant({ s3, bucket, clientId: sampleClientId });
    await postAsSwift(grant);
    await outcomeOf(grant.key);
    await until(() => pipeline.eventBridge.events.some(({ detail }) => detail['key'] === grant.key));
    const event = pipeline.eventBridge.events.find(({ detail }) => detail['key'] === grant.key);
    const path = join(folder, 'consumer.cjs');
    writeFileSync(path, bundle(snippet('ts', 'outcomeFromEvent(')));
    const { handler } = (await import(path)) as { handler: (event: unknown) => string };
    const said = handler({ source: event?.source, 'detail-type': event?.detailType, detail: event?.detail });
    expect(said).toBe(`${sampleClientId}: ${String(event?.detail['livePhotoId'])}`);
  });

  it('writes in Swift a form that S3 accepts', async () => {
    const grant = await createUploadGrant({ s3, bucket, clientId: sampleClientId });
    expect((await postAsSwift(grant)).status).toBe(204);
  });

  it.each([
    ['swift', ['grant.fields', 'name=\\"file\\"', 'append(photo)', 'url: grant.url', '"POST"', '204']],
    ['kotlin', ['grant.fields.forEach', 'addFormDataPart(name, value)', 'addFormDataPart("file"', 'grant.url', '204']],
  ])('sends in %s all fields of a grant, in the order that S3 requires', (language, ordered) => {
    const code = snippet(language);
    const places = ordered.map((part) => code.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('puts a photo with the aws command', async () => {
    const commands = snippet('sh', 'put-object');
    expect(commands.match(/^aws s3api [\w-]+/gm)).toEqual(['aws s3api put-object', 'aws s3api get-object-tagging']);
    if (!isInstalled('aws')) {
      process.stderr.write('The aws command is not installed: its documented lines were checked but not run.\n');
      return;
    }
    const path = join(folder, 'photo.jpg');
    writeFileSync(path, photo);
    const variables = { PHOTO_BUCKET: bucket, PHOTO: path, CLIENT_ID: sampleClientId };
    const env = { ...process.env, ...pipeline.awsVariables, ...variables };
    await promisify(execFile)('sh', ['-ec', commands], { env });
    expect(await outcomeOf('photo.jpg')).toEqual(uploaded);
    const [, readTags = ''] = commands.trim().split('\n');
    const { stdout } = await promisify(execFile)('sh', ['-ec', readTags], { env });
    expect(stdout).toContain('complycube-live-photo-id');
  });
});

/** Posts the form that the Swift code writes: its string literals, with the values inserted. */
async function postAsSwift({ url, fields }: UploadGrant): Promise<Response> {
  const texts = [...snippet('swift').matchAll(/Data\("(.*)"\.utf8\)/g)].map(([, text = '']) => text);
  const [field = '', file = '', end = ''] = texts;
  const write = (text: string, values: Readonly<Record<string, string>>): Buffer =>
    Buffer.from(
      text
        .replaceAll(/\\\((\w+)\)/g, (_, name: string) => values[name] ?? '')
        .replaceAll('\\r\\n', '\r\n')
        .replaceAll('\\"', '"'),
    );
  const boundary = '7C1A';
  const written = Object.entries(fields).map(([name, value]) => write(field, { boundary, name, value }));
  const body = Buffer.concat([...written, write(file, { boundary }), photo, write(end, { boundary })]);
  return fetch(url, { method: 'POST', headers: { 'content-type': `multipart/form-data; boundary=${boundary}` }, body });
}

function isInstalled(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
