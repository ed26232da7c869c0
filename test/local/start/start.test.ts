import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RejectionReason } from '../../../contract/outcome';
import { type LocalComplyCube, startComplyCube } from 'complycube-stand-in/server';
import type { PhotoResult } from '../../../local/start/photo-run';
import { makeJpeg } from 'sample-photos/jpeg';
import { makePng } from 'sample-photos/png';
import { sampleClientId } from '../../../local/start/sample-set';
import { startHelp } from '../../../local/start/start-arguments';
import { until } from '../../until';
import { ServedBucket } from './served-bucket';
import { functionProcessesOf, StartCommand } from './start-command';

describe('npm start', () => {
  let folder: string;
  let portrait: string;
  let album: string;
  let small: string;
  let complyCube: LocalComplyCube;
  /** Standard error of the command at the time of its first live photo. */
  let errBeforeFirstPhoto: string | undefined;
  const commands: StartCommand[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'start-test-'));
    portrait = join(folder, 'portrait.jpg');
    album = join(folder, 'album');
    small = join(folder, 'small.jpg');
    mkdirSync(album);
    writeFileSync(portrait, makeJpeg({ bytes: 50_000, seed: 1 }));
    writeFileSync(join(album, 'a photo.png'), makePng({ bytes: 50_000, seed: 2 }));
    writeFileSync(small, makeJpeg({ bytes: 50_000, seed: 3 }).subarray(0, 1_000));
    complyCube = await startComplyCube({
      keys: ['test_own'],
      onLivePhoto: () => {
        // Earlier output is in the pipe. After two turns of the event loop it has been read.
        setImmediate(() => setImmediate(() => (errBeforeFirstPhoto ??= commands.at(-1)?.err)));
      },
    });
  });
  // No processes and files may remain.
  afterEach(() => {
    const processes = functionProcessesOf(folder);
    for (const command of commands.splice(0)) command.kill();
    for (const processId of processes) process.kill(processId, 'SIGKILL');
    expect(processes).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.startsWith('live-photos-'))).toEqual([]);
  });
  afterAll(async () => {
    await complyCube.close();
    rmSync(folder, { recursive: true });
  });

  const start = (words: readonly string[], variables?: Record<string, string>): StartCommand => {
    const command = new StartCommand(words, folder, variables);
    commands.push(command);
    return command;
  };
  const lines = (text: string, pattern: RegExp): string[] => text.split('\n').filter((line) => pattern.test(line));

  describe('with the sample photos', () => {
    let command: StartCommand;
    let status: number | null;
    let results: PhotoResult[];
    beforeAll(async () => {
      command = start(['--json']);
      status = await command.status();
      results = JSON.parse(command.out) as PhotoResult[];
    });

    it('exits with 0 and without errors, and each photo has the expected outcome', () => {
      expect({ status, err: command.err }).toEqual({ status: 0, err: '' });
      expect(results.filter(({ isAsExpected }) => !isAsExpected)).toEqual([]);
    });

    it('reports each photo’s size, deliveries and time, and the live photo ID of uploaded ones', () => {
      for (const photo of results) {
        expect(photo.bytes).toBeGreaterThan(0);
        expect(photo.deliveries).toBeGreaterThan(0);
        expect(photo.ms).toBeGreaterThan(0);
        if (photo.status === 'uploaded') expect(photo.livePhotoId).toMatch(/^[0-9a-f]{24}$/);
      }
      expect(results.filter(({ status: ended }) => ended === 'uploaded').length).toBeGreaterThan(5);
    });

    it('has a photo for each rejection reason', () => {
      const reasons: Record<RejectionReason, true> = {
        'client-id-missing': true,
        'client-id-malformed': true,
        'liveness-flag-malformed': true,
        'too-small': true,
        'too-large': true,
        'not-jpeg-or-png': true,
        'image-damaged': true,
        'client-unknown': true,
        'refused-by-complycube': true,
        'tag-limit-reached': true,
      };
      const rejected = results.filter(({ status: ended }) => ended === 'rejected');
      expect(new Set(rejected.map(({ reason }) => reason))).toEqual(new Set(Object.keys(reasons)));
    });

    it('retries a photo of an unknown client', () => {
      expect(results.find(({ reason }) => reason === 'client-unknown')?.deliveries).toBeGreaterThan(1);
    });
  });

  describe('with own photos', () => {
    it('uploads files and folders before it serves, without colour if it is not on a terminal', async () => {
      const command = start([portrait, album, '--client-id', sampleClientId, '--serve']);
      await command.printed('Ctrl-C stops it.');
      const bucket = new ServedBucket(command.out);
      await bucket.put('another.jpg', makeJpeg({ bytes: 50_000, seed: 4 }), { 'client-id': sampleClientId });
      await command.printed('uploaded  another.jpg');
      bucket.close();
      command.interrupt();
      expect(await command.status()).toBe(0);
      expect(lines(command.out, /^portrait\.jpg +50,000 {2}uploaded {2}[0-9a-f]{24} /)).toHaveLength(1);
      expect(lines(command.out, /^album\/a photo\.png +50,000 {2}uploaded {2}[0-9a-f]{24} /)).toHaveLength(1);
      expect(lines(command.out, /uploaded {2}portrait\.jpg/)).toEqual([expect.stringMatching(/^ {2}✓ [12]\/2 /)]);
      expect(command.out).toContain('2 photos had the expected outcome.');
      expect(command.out).not.toContain('\u001B');
      expect(command.err).toBe('');
    });

    it('exits with 130 and gives no verdict about photos if it is interrupted', async () => {
      const command = start([portrait, '--client-id', sampleClientId, '--real'], {
        COMPLYCUBE_API_KEY: 'test_wrong',
        COMPLYCUBE_BASE_URL: complyCube.baseUrl,
      });
      await command.printed('retried later');
      command.interrupt();
      expect(await command.status()).toBe(130);
      expect(command.err).toMatch(/\nInterrupted\.\n$/);
      expect(lines(command.out, /^ +↻ retried later {2}portrait\.jpg .*401/)).toHaveLength(1);
      expect(command.out).not.toMatch(/unfinished|expected outcome/);
      expect(command.out + command.err).not.toContain('test_wrong');
    });
  });

  describe('with --real', () => {
    it('warns about costs before it sends photos, and exits with 1 if one is rejected', async () => {
      const command = start([portrait, small, '--client-id', sampleClientId, '--real', '--json'], {
        COMPLYCUBE_API_KEY: 'test_own',
        COMPLYCUBE_BASE_URL: complyCube.baseUrl,
      });
      expect(await command.status()).toBe(1);
      expect(errBeforeFirstPhoto).toContain('live photos can cost money');
      expect(command.err).toBe(
        `Photos are sent to ComplyCube's API at ${complyCube.baseUrl}: live photos can cost money.\n`,
      );
      expect(complyCube.livePhotos).toMatchObject([{ clientId: sampleClientId, size: 50_000 }]);
      expect(JSON.parse(command.out)).toMatchObject([
        { key: 'portrait.jpg', status: 'uploaded', livePhotoId: complyCube.livePhotos[0]?.id },
        { key: 'small.jpg', status: 'rejected', reason: 'too-small', isAsExpected: false },
      ]);
    });

    it('exits with 2 if the function would refuse the URL', async () => {
      const command = start(['--serve', '--real'], {
        COMPLYCUBE_API_KEY: 'test_own',
        COMPLYCUBE_BASE_URL: 'http://example.com',
      });
      expect(await command.status()).toBe(2);
      expect(lines(command.err, /COMPLYCUBE_BASE_URL must be an https URL/)).toHaveLength(1);
      expect(command.out).not.toContain('Uploading');
    });
  });

  describe('with --serve', () => {
    it('serves until it is interrupted, and prints the outcome of each photo', async () => {
      const origin = 'http://localhost:5173';
      const command = start(['--serve', '--origin', origin]);
      await command.printed('Ctrl-C stops it.');
      for (const name of ['photo bucket', 'upload queue', 'dead letters', 'API key', 'client']) {
        expect(lines(command.out, new RegExp(`^ {2}${name} +\\S+$`))).toHaveLength(1);
      }
      const [, s3Url = '', bucketName = ''] = /^S3 +(\S+)\n +photo bucket +(\S+)$/m.exec(command.out) ?? [];
      const preflight = await fetch(`${s3Url}/${bucketName}`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
      expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
      const [, pageUrl = ''] = /^Page +(\S+)/m.exec(command.out) ?? [];
      expect((await fetch(pageUrl)).status).toBe(200);
      const bucket = new ServedBucket(command.out);
      const photo = makeJpeg({ bytes: 50_000, seed: 4 });
      await bucket.put('good.jpg', photo, { 'client-id': sampleClientId });
      await bucket.put('bad.jpg', photo, {});
      await command.printed('uploaded  good.jpg');
      await command.printed('rejected  bad.jpg');
      const { 'complycube-status': status, 'complycube-live-photo-id': id = 'none' } = await bucket.tagsOf('good.jpg');
      const { 'complycube-rejection': reason } = await bucket.tagsOf('bad.jpg');
      bucket.close();
      expect({ status, reason }).toEqual({ status: 'uploaded', reason: 'client-id-missing' });
      expect(lines(command.out, /good\.jpg|bad\.jpg/).sort()).toEqual([
        '  rejected  bad.jpg  client-id-missing',
        `  uploaded  good.jpg  ${id}`,
      ]);
      expect(functionProcessesOf(folder)).not.toEqual([]);

      command.interrupt();
      expect(await command.status()).toBe(0);
      expect(command.err).toBe('');
    });
  });

  it('prints no outcome of a photo that is uploaded while the servers stop', async () => {
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const slow = await startComplyCube({ keys: ['test_own'], onLivePhoto: () => answered });
    const variables = { COMPLYCUBE_API_KEY: 'test_own', COMPLYCUBE_BASE_URL: slow.baseUrl };
    const command = start(['--serve', '--real'], variables);
    await command.printed('Ctrl-C stops it.');
    const bucket = new ServedBucket(command.out);
    await bucket.put('late.jpg', makeJpeg({ bytes: 50_000, seed: 6 }), { 'client-id': sampleClientId });
    bucket.close();
    await until(() => slow.livePhotos.length === 1);
    command.interrupt();
    await command.printed('Stopping.');
    answer();
    expect(await command.status()).toBe(0);
    expect(command.out).toMatch(/\nStopping\.\n$/);
    await slow.close();
  });

  it('uses another name for the client ID everywhere: own photos, stack, page and printed commands', async () => {
    const name = 'user-id';
    const words = ['--client-id', sampleClientId, '--client-id-metadata', name, '--serve'];
    const command = start([portrait, ...words]);
    await command.printed('Ctrl-C stops it.');
    expect(command.out).toContain('1 photo had the expected outcome.');
    expect(command.out).toContain(`--metadata ${name}=${sampleClientId}`);
    const [, pageUrl = ''] = /^Page +(\S+)/m.exec(command.out) ?? [];
    const grant = await fetch(`${pageUrl}grants`, {
      method: 'POST',
      headers: { origin: new URL(pageUrl).origin, 'content-type': 'application/json' },
      body: JSON.stringify({ clientId: sampleClientId, contentType: 'image/jpeg' }),
    });
    expect(await grant.json()).toMatchObject({ fields: { [`x-amz-meta-${name}`]: sampleClientId } });
    const bucket = new ServedBucket(command.out);
    await bucket.put('former.jpg', makeJpeg({ bytes: 50_000, seed: 5 }), { 'client-id': sampleClientId });
    await command.printed('rejected  former.jpg  client-id-missing');
    bucket.close();
    command.interrupt();
    expect(await command.status()).toBe(0);
  });

  it('leaves nothing if it is interrupted while it starts', async () => {
    const command = start([]);
    await command.printed('Bundling the function');
    command.interrupt();
    expect(await command.status()).toBe(130);
    expect(command.err).toMatch(/\nInterrupted\.\n$/);
    expect(command.out).not.toContain('The stack runs');
  });

  it('prints no result of unfinished photos if it is interrupted', async () => {
    const command = start([]);
    await command.printed('↻ retried later');
    command.interrupt();
    expect(await command.status()).toBe(130);
    expect(command.err).toMatch(/\nInterrupted\.\n$/);
    expect(lines(command.out, /unfinished/)).toEqual([]);
  });

  it('prints its help', async () => {
    const command = start(['--help']);
    expect(await command.status()).toBe(0);
    expect({ out: command.out, err: command.err }).toEqual({ out: `${startHelp}\n`, err: '' });
  });

  it.each([
    ['a file is missing', ['missing.jpg', '--client-id', 'x'], "missing.jpg can't be read"],
    ['the client ID is missing', ['portrait.jpg'], '--client-id is missing'],
    ['a flag is unknown', ['--fast'], "Unknown option '--fast'"],
    ['--real has no key', ['--serve', '--real'], 'COMPLYCUBE_API_KEY is not set'],
  ])('exits with 2 and prints one line if %s', async (_, words, message) => {
    const command = start(words);
    expect(await command.status()).toBe(2);
    expect(command.err).toMatch(/^[^\n]+\n$/);
    expect(command.err).toContain(message);
    expect(command.out).toBe('');
  });
});
