import { PutObjectCommand, type PutObjectCommandInput, PutObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { setTimeout as sleep } from 'node:timers/promises';
import { FunctionLog } from '../../../local/start/function-log';
import { type PhotoResult, type PhotoRunEdges, type PhotoToPut, runPhotos } from '../../../local/start/photo-run';
import { type LocalS3, startS3 } from 'local-aws/s3/server';
import { until } from '../../../packages/local-aws/test/lambda/until';

/** What stands in for the function: it is told of a photo object and writes tags and log lines as it likes. */
type Behave = (object: { key: string; versionId: string }) => Promise<void> | void;

describe('a run of photos', () => {
  let server: LocalS3;
  let s3: S3Client;
  let log: FunctionLog;
  let behave: Behave;
  let told: PhotoResult[];
  let interruption: AbortController;
  let edges: PhotoRunEdges;

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
    told = [];
    interruption = new AbortController();
    const onResult = (result: PhotoResult) => told.push(result);
    edges = { s3, bucket: 'photos', log, onResult, signal: interruption.signal };
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
  const write = (fields: object): void => {
    log.take(JSON.stringify({ receives: 1, ...fields }));
  };
  const uploadedTags = { 'complycube-status': 'uploaded', 'complycube-live-photo-id': 'id' };

  it('tells what the tags tell, and what only the log does', async () => {
    behave = async ({ key, versionId }) => {
      write({ key, versionId, error: 'not yet' });
      await tag(key, uploadedTags);
      write({ key, versionId, receives: 2, status: 'uploaded', livePhotoId: 'id', isTagged: true });
    };
    const results = await runPhotos([photo()], edges);
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
    expect(told).toEqual(results);
  });

  it('gives the results in the photos’ order, whichever ends first', async () => {
    behave = async ({ key, versionId }) => {
      if (key === 'slow.jpg') await until(() => told.length > 0);
      await tag(key, { 'complycube-status': 'rejected', 'complycube-rejection': 'too-small' });
      write({ key, versionId, status: 'rejected', reason: 'too-small', detail: 'It is small', isTagged: true });
    };
    const results = await runPhotos(
      [photo({ key: 'slow.jpg', expected: 'too-small' }), photo({ key: 'fast.jpg', expected: 'too-large' })],
      edges,
    );
    expect(results).toMatchObject([
      { key: 'slow.jpg', status: 'rejected', reason: 'too-small', detail: 'It is small', isAsExpected: true },
      { key: 'fast.jpg', status: 'rejected', reason: 'too-small', isAsExpected: false },
    ]);
    expect(told.map(({ key }) => key)).toEqual(['fast.jpg', 'slow.jpg']);
  });

  it('believes the log where it says that the outcome could not be written', async () => {
    behave = ({ key, versionId }) => {
      write({ key, versionId, status: 'rejected', reason: 'tag-limit-reached', isTagged: false });
    };
    const [result] = await runPhotos([photo({ expected: 'tag-limit-reached', tags: { team: 'a b/c+d' } })], edges);
    expect(result).toMatchObject({ status: 'rejected', reason: 'tag-limit-reached', isAsExpected: true });
  });

  it.each<[string, Record<string, string>, object]>([
    ['the tags that the log speaks of are not there', { team: 'a' }, { status: 'unfinished' }],
    ['a tag of the app’s is gone', uploadedTags, { status: 'uploaded', livePhotoId: 'id' }],
    ['the live photo’s ID is not in the tags', { team: 'a', 'complycube-status': 'uploaded' }, { status: 'uploaded' }],
  ])('does not take it as right when %s', async (_, tags, expected) => {
    behave = async ({ key, versionId }) => {
      await tag(key, tags);
      write({ key, versionId, status: 'uploaded', livePhotoId: 'id', isTagged: true });
    };
    const [result] = await runPhotos([photo({ tags: { team: 'a' } })], edges);
    expect(result).toMatchObject({ ...expected, isAsExpected: false });
  });

  it('gives up what has not ended when it is interrupted, and tells why it had not', async () => {
    behave = ({ key, versionId }) => {
      write({ key, versionId, error: 'ComplyCube answered 503' });
      interruption.abort();
    };
    expect(await runPhotos([photo()], edges)).toMatchObject([
      { status: 'unfinished', detail: 'ComplyCube answered 503', deliveries: 1, isAsExpected: false },
    ]);
  });

  it('fails when a photo can’t be put', async () => {
    await expect(runPhotos([photo()], { ...edges, bucket: 'elsewhere' })).rejects.toThrow('bucket does not exist');
  });

  it('has no more than six uploads under way at once', async () => {
    let underWay = 0;
    let mostUnderWay = 0;
    const mocked = mockClient(S3Client).onAnyCommand().resolves({});
    mocked.on(PutObjectCommand).callsFake(async ({ Key: key }: PutObjectCommandInput) => {
      mostUnderWay = Math.max(mostUnderWay, ++underWay);
      await sleep(10);
      underWay--;
      write({ key, status: 'rejected', reason: 'too-small', isTagged: false });
      return {};
    });
    const photos = Array.from({ length: 20 }, (_, at) => photo({ key: `${at}.jpg`, expected: 'too-small' }));
    const results = await runPhotos(photos, edges);
    mocked.restore();
    expect(results.every(({ isAsExpected }) => isAsExpected)).toBe(true);
    expect(mostUnderWay).toBe(6);
  });
});
