import { GetObjectTaggingCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RejectionReason } from '../../lambda/outcome';
import { startComplyCube } from '../../local/complycube/server';
import type { PhotoResult } from '../../local/photo-run';
import { makeJpeg } from '../../local/sample-photos/jpeg';
import { makePng } from '../../local/sample-photos/png';
import { sampleClientId } from '../../local/sample-set';
import { startHelp } from '../../local/start-arguments';
import { functionProcessesOf, StartCommand } from './start-command';
import { until } from './lambda/until';

const timeoutMs = 60_000;
const escape = '\u001B';

describe('npm start', () => {
  let folder: string;
  let own: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'start-test-'));
    own = join(folder, 'own');
    mkdirSync(join(own, 'album'), { recursive: true });
    writeFileSync(join(own, 'portrait.jpg'), makeJpeg({ bytes: 50_000, seed: 1 }));
    writeFileSync(join(own, 'album', 'a photo.png'), makePng({ bytes: 50_000, seed: 2 }));
    writeFileSync(join(own, 'small.jpg'), makeJpeg({ bytes: 50_000, seed: 3 }).subarray(0, 1_000));
  });
  // Whatever was run: nothing of it is left.
  afterEach(() => {
    expect(functionProcessesOf(folder)).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.startsWith('live-photos-'))).toEqual([]);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const start = (words: readonly string[], variables?: Record<string, string>): StartCommand =>
    new StartCommand(words, folder, variables);

  describe('with the sample photos', () => {
    let command: StartCommand;
    let status: number | null;
    beforeAll(async () => {
      command = start(['--json']);
      status = await command.status();
    }, timeoutMs);

    const results = () => JSON.parse(command.out) as PhotoResult[];

    it('ends with status 0, each photo as it must, and nothing to complain of', () => {
      expect({ status, err: command.err }).toEqual({ status: 0, err: '' });
      expect(results().filter(({ isAsExpected }) => !isAsExpected)).toEqual([]);
    });

    it('tells of each photo its size, deliveries and time, and its live photo ID when it was uploaded', () => {
      const uploaded = results().filter(({ status }) => status === 'uploaded');
      expect(uploaded.length).toBeGreaterThan(5);
      for (const photo of uploaded)
        expect(photo).toMatchObject({ livePhotoId: expect.stringMatching(/^[0-9a-f]{24}$/) });
      for (const { bytes, deliveries, ms } of results()) {
        expect(bytes).toBeGreaterThan(0);
        expect(deliveries).toBeGreaterThan(0);
        expect(ms).toBeGreaterThan(0);
      }
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
      const rejected = results().filter(({ status }) => status === 'rejected');
      expect(new Set(rejected.map(({ reason }) => reason))).toEqual(new Set(Object.keys(reasons)));
    });

    it('delivers a photo again whose client is unknown', () => {
      const unknown = results().find(({ reason }) => reason === 'client-unknown');
      expect(unknown?.deliveries).toBeGreaterThan(1);
    });
  });

  it(
    'takes a person’s own file and folder, and tells how they ended, without colour where it is no terminal',
    async () => {
      const command = start([join(own, 'portrait.jpg'), join(own, 'album'), '--client-id', sampleClientId]);
      expect(await command.status()).toBe(0);
      expect(command.out).toMatch(/^portrait\.jpg +50,000 {2}uploaded {2}[0-9a-f]{24} .*$/m);
      expect(command.out).toMatch(/^album\/a photo\.png +50,000 {2}uploaded {2}[0-9a-f]{24} .*$/m);
      expect(command.out).toContain('2/2  uploaded');
      expect(command.out).toContain('All 2 photos ended as they must.');
      expect(command.out).not.toContain(escape);
      expect(command.err).toBe('');
    },
    timeoutMs,
  );

  it(
    'sends to the API that it is told to with --real, says so first, and ends with status 1 when it rejects a photo',
    async () => {
      const complyCube = await startComplyCube({ keys: ['test_own'] });
      const command = start(
        [join(own, 'portrait.jpg'), join(own, 'small.jpg'), '--client-id', sampleClientId, '--real', '--json'],
        { COMPLYCUBE_API_KEY: 'test_own', COMPLYCUBE_BASE_URL: complyCube.baseUrl },
      );
      await until(() => command.err !== '', timeoutMs);
      expect(complyCube.livePhotos).toEqual([]);
      const status = await command.status();
      const { livePhotos } = complyCube;
      await complyCube.close();
      expect(status).toBe(1);
      expect(command.err).toBe(
        `Photos are sent to ComplyCube's API at ${complyCube.baseUrl}: live photos can cost money.\n`,
      );
      expect(livePhotos).toMatchObject([{ clientId: sampleClientId, size: 50_000 }]);
      expect(JSON.parse(command.out)).toMatchObject([
        { key: 'portrait.jpg', status: 'uploaded', livePhotoId: livePhotos[0]?.id },
        { key: 'small.jpg', status: 'rejected', reason: 'too-small', isAsExpected: false },
      ]);
    },
    timeoutMs,
  );

  it(
    'tells why a photo waits, and ends with status 1 when it is interrupted before the photo has ended',
    async () => {
      const complyCube = await startComplyCube({ keys: ['test_own'] });
      const command = start([join(own, 'portrait.jpg'), '--client-id', sampleClientId, '--real'], {
        COMPLYCUBE_API_KEY: 'test_wrong',
        COMPLYCUBE_BASE_URL: complyCube.baseUrl,
      });
      await command.printed('tried again later');
      command.interrupt();
      expect(await command.status()).toBe(1);
      await complyCube.close();
      expect(command.out).toMatch(/↻ tried again later {2}portrait\.jpg .*401/);
      expect(command.out).toMatch(/^portrait\.jpg +50,000 {2}unfinished .*← must be uploaded: .*401/m);
      expect(command.out).not.toContain('test_wrong');
    },
    timeoutMs,
  );

  it(
    'keeps serving with --serve until it is interrupted, and tells what becomes of each photo',
    async () => {
      const command = start(['--serve']);
      await command.printed('Ctrl-C stops it.');
      const variables = new Map([...command.out.matchAll(/(AWS_\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
      const bucket = /--bucket (\S+)/.exec(command.out)?.[1] ?? '';
      const s3 = new S3Client({
        endpoint: variables.get('AWS_ENDPOINT_URL_S3') ?? '',
        region: variables.get('AWS_DEFAULT_REGION') ?? '',
        forcePathStyle: true,
        credentials: {
          accessKeyId: variables.get('AWS_ACCESS_KEY_ID') ?? '',
          secretAccessKey: variables.get('AWS_SECRET_ACCESS_KEY') ?? '',
        },
      });
      const put = (Key: string, Metadata: Record<string, string>) =>
        s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: makeJpeg({ bytes: 50_000, seed: 4 }), Metadata }));
      const tagsOf = async (Key: string) => {
        const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key }));
        return Object.fromEntries(TagSet.map(({ Key: name = '', Value }) => [name, Value]));
      };
      await put('good.jpg', { 'client-id': sampleClientId });
      await put('bad.jpg', {});
      await command.printed('uploaded  good.jpg');
      await command.printed('rejected  bad.jpg');
      const { 'complycube-status': status, 'complycube-live-photo-id': id } = await tagsOf('good.jpg');
      expect(status).toBe('uploaded');
      expect(command.out).toContain(`  uploaded  good.jpg  ${id ?? ''}\n`);
      expect(command.out).toContain('  rejected  bad.jpg  client-id-missing\n');
      expect(await tagsOf('bad.jpg')).toMatchObject({ 'complycube-rejection': 'client-id-missing' });
      expect(functionProcessesOf(folder)).not.toEqual([]);
      s3.destroy();

      command.interrupt();
      expect(await command.status()).toBe(0);
      expect(command.err).toBe('');
    },
    timeoutMs,
  );

  it(
    'prints its help',
    async () => {
      const command = start(['--help']);
      expect(await command.status()).toBe(0);
      expect({ out: command.out, err: command.err }).toEqual({ out: `${startHelp}\n`, err: '' });
    },
    timeoutMs,
  );

  it.each([
    ['a file is missing', ['missing.jpg', '--client-id', 'x'], "missing.jpg can't be read"],
    ['the client ID is missing', ['portrait.jpg'], '--client-id is missing'],
    ['a flag is unknown', ['--fast'], "Unknown option '--fast'"],
    ['--real has no key', ['--serve', '--real'], 'COMPLYCUBE_API_KEY is not set'],
  ])(
    'ends with status 2 and one line when %s',
    async (_, words, message) => {
      const command = start(words);
      expect(await command.status()).toBe(2);
      expect(command.err).toMatch(/^[^\n]+\n$/);
      expect(command.err).toContain(message);
      expect(command.out).toBe('');
    },
    timeoutMs,
  );

  it(
    'ends with status 2 when the function could not send photos where it is told to',
    async () => {
      const variables = { COMPLYCUBE_API_KEY: 'test_own', COMPLYCUBE_BASE_URL: 'http://example.com' };
      const command = start(['--serve', '--real'], variables);
      expect(await command.status()).toBe(2);
      expect(command.err).toContain('COMPLYCUBE_BASE_URL must be an https URL');
      expect(command.out).toBe('');
    },
    timeoutMs,
  );
});
