import {
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { setTimeout as sleep } from 'node:timers/promises';
import { FunctionLog } from '../../../local/start/function-log';
import { type PhotoResult, type PhotoRunDeps, type PhotoToPut, runPhotos } from '../../../local/start/photo-run';
import { type LocalS3, startS3 } from 'local-aws/s3/server';
import { until } from '../../until';

/** Replaces the function: receives each photo object, and writes tags and log lines. */
type Behave = (object: { key: string; versionId: string }) => Promise<void> | void;

describe('a run of photos', () => {
  let server: LocalS3;
  let s3: S3Client;
  let log: FunctionLog;
  let behave: Behave;
  let reported: PhotoResult[];
  let interruption: AbortController;
  let deps: PhotoRunDeps;

  beforeEach(async () => {
    server = await startS3({
      sendToQueue: async (_, body) => {
        const { Records = [] } = JSON.parse(body) as {
          Records?: { s3: { object: { key: string; versionId: string } } }[];
        };
        for (const { s3: event } of Records) await behave(event.object);
      },
    });
    await server.createBucket('photos', {
      isVersioned: true,
      notifications: [{ queueArn: 'q', events: ['s3:ObjectCreated:*'] }],
    });
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    s3 = new S3Client({ region: 'us-east-1', endpoint: server.url, forcePathStyle: true, credentials });
    log = new FunctionLog();
    reported = [];
    interruption = new AbortController();
    const onResult = (result: PhotoResult) => reported.push(result);
    deps = { s3, bucket: 'photos', log, onResult, signal: interruption.signal };
  });
  afterEach(async () => {
    s3.destroy();
    await server.close();
  });

  const photo = (changes: Partial<PhotoToPut> = {}): PhotoToPut => ({
    key: 'a.jpg',
    bytes: Buffer.from('photo'),
    metadata: { 'client-id': 'x' },
    expected: 'uploaded',
    ...changes,
  });
  const tag = async (key: string, tags: Record<string, string>): Promise<void> => {
    const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await s3.send(new PutObjectTaggingCommand({ Bucket: 'photos', Key: key, Tagging: { TagSet } }));
  };
  const write = (fields: object): void => log.take(JSON.stringify({ receives: 1, ...fields }));
  const uploadedTags = { 'complycube-status': 'uploaded', 'complycube-live-photo-id': 'id' };

  it('combines the outcome from tags with details from the log', async () => {
    behave = async ({ key, versionId }) => {
      write({ key, versionId, error: 'not yet' });
      await tag(key, uploadedTags);
      write({ key, versionId, receives: 2, status: 'uploaded', livePhotoId: 'id', isTagged: true });
    };
    const results = await runPhotos([photo()], deps);
    expect(results).toEqual([
      {
        key: 'a.jpg',
        bytes: 5,
        status: 'uploaded',
        livePhotoId: 'id',
        reason: undefined,
        detail: undefined,
        deliveries: 2,
        ms: expect.any(Number),
        expected: 'uploaded',
        isAsExpected: true,
      },
    ]);
    expect(reported).toEqual(results);
  });

  it('returns the results in the order of the photos', async () => {
    behave = async ({ key, versionId }) => {
      if (key === 'slow.jpg') await until(() => reported.length > 0);
      await tag(key, { 'complycube-status': 'rejected', 'complycube-rejection': 'too-small' });
      write({ key, versionId, status: 'rejected', reason: 'too-small', detail: 'It is small', isTagged: true });
    };
    const results = await runPhotos(
      [photo({ key: 'slow.jpg', expected: 'too-small' }), photo({ key: 'fast.jpg', expected: 'too-large' })],
      deps,
    );
    expect(results).toMatchObject([
      { key: 'slow.jpg', status: 'rejected', reason: 'too-small', detail: 'It is small', isAsExpected: true },
      { key: 'fast.jpg', status: 'rejected', reason: 'too-small', isAsExpected: false },
    ]);
    expect(reported.map(({ key }) => key)).toEqual(['fast.jpg', 'slow.jpg']);
  });

  it('uses the outcome from the log if the log says that it was not tagged', async () => {
    behave = ({ key, versionId }) =>
      write({ key, versionId, status: 'rejected', reason: 'tag-limit-reached', isTagged: false });
    const [result] = await runPhotos([photo({ expected: 'tag-limit-reached', tags: { team: 'a b/c+d' } })], deps);
    expect(result).toMatchObject({ status: 'rejected', reason: 'tag-limit-reached', isAsExpected: true });
  });

  it.each<[string, Record<string, string>, object]>([
    ['the tags that the log mentions are missing', { team: 'a' }, { status: 'unfinished' }],
    ['a tag of the app is missing', uploadedTags, { status: 'uploaded', livePhotoId: 'id' }],
    [
      'the tags do not contain the live photo’s ID',
      { team: 'a', 'complycube-status': 'uploaded' },
      { status: 'uploaded' },
    ],
  ])('is not as expected if %s', async (_, tags, expected) => {
    behave = async ({ key, versionId }) => {
      await tag(key, tags);
      write({ key, versionId, status: 'uploaded', livePhotoId: 'id', isTagged: true });
    };
    const [result] = await runPhotos([photo({ tags: { team: 'a' } })], deps);
    expect(result).toMatchObject({ ...expected, isAsExpected: false });
  });

  it('reports photos as unfinished, with the last error, if it is interrupted', async () => {
    behave = ({ key, versionId }) => {
      write({ key, versionId, error: 'ComplyCube answered 503' });
      interruption.abort();
    };
    expect(await runPhotos([photo()], deps)).toMatchObject([
      { status: 'unfinished', detail: 'ComplyCube answered 503', deliveries: 1, isAsExpected: false },
    ]);
  });

  it('uploads no further photo if it is interrupted', async () => {
    behave = () => interruption.abort();
    const photos = Array.from({ length: 20 }, (_, at) => photo({ key: `${at}.jpg` }));
    const results = await runPhotos(photos, deps);
    expect(results.map(({ status }) => status)).toEqual(photos.map(() => 'unfinished'));
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'photos' }));
    expect(Contents.length).toBeLessThanOrEqual(6);
    expect(reported).toHaveLength(Contents.length);
  });

  it('fails if an upload fails', async () => {
    await expect(runPhotos([photo()], { ...deps, bucket: 'elsewhere' })).rejects.toThrow('bucket does not exist');
  });

  it('makes at most six simultaneous uploads', async () => {
    let running = 0;
    let maxRunning = 0;
    const mocked = mockClient(S3Client).onAnyCommand().resolves({});
    mocked.on(PutObjectCommand).callsFake(async ({ Key: key }: PutObjectCommandInput) => {
      maxRunning = Math.max(maxRunning, ++running);
      await sleep(10);
      running--;
      write({ key, status: 'rejected', reason: 'too-small', isTagged: false });
      return {};
    });
    const photos = Array.from({ length: 20 }, (_, at) => photo({ key: `${at}.jpg`, expected: 'too-small' }));
    const results = await runPhotos(photos, deps);
    mocked.restore();
    expect(results.every(({ isAsExpected }) => isAsExpected)).toBe(true);
    expect(maxRunning).toBe(6);
  });
});
