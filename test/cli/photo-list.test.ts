import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { listPhotos, type PhotoScope } from '../../cli/photos/photo-list';
import { listenOnLoopback, type LoopbackServer } from 'loopback-server/loopback-server';

/** Enough to measure what is kept in memory. */
const objects = 100_000;
const pageSize = 1_000;
const keyOf = (at: number): string => `photos/${String(at).padStart(7, '0')}.jpg`;
const scope: PhotoScope = {
  bucket: 'photos',
  prefixes: [''],
  period: { sinceMs: undefined, untilMs: undefined },
  hasEveryVersion: false,
};

/** Creates each page on request, so that the objects are never in memory. */
function page(query: URLSearchParams): string {
  const marker = /(\d{7})/.exec(query.get('key-marker') ?? '')?.[1];
  const first = marker === undefined ? 0 : Number(marker) + 1;
  const end = Math.min(first + pageSize, objects);
  let versions = '';
  for (let at = first; at < end; at++) {
    versions += `<Version><Key>${keyOf(at)}</Key><VersionId>v${at}</VersionId><IsLatest>true</IsLatest><LastModified>2026-11-23T10:00:00.000Z</LastModified><ETag>&quot;e${at}&quot;</ETag><Size>40000</Size></Version>`;
  }
  const isTruncated = end < objects;
  const next = isTruncated
    ? `<NextKeyMarker>${keyOf(end - 1)}</NextKeyMarker><NextVersionIdMarker>v${end - 1}</NextVersionIdMarker>`
    : '';
  return `<?xml version="1.0"?><ListVersionsResult><IsTruncated>${isTruncated}</IsTruncated>${next}${versions}</ListVersionsResult>`;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('listPhotos', () => {
  let server: LoopbackServer;
  let s3: S3Client;
  let requests = 0;
  beforeAll(async () => {
    server = await listenOnLoopback((request, response) => {
      requests++;
      response.end(page(new URLSearchParams(request.url?.split('?')[1])));
    });
    const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
    s3 = new S3Client({ endpoint: server.url, region: 'us-east-1', forcePathStyle: true, credentials });
  });
  afterAll(async () => {
    s3.destroy();
    await server.close();
  });

  it('lists all objects in order, with one page in memory', async () => {
    let seen = 0;
    let pages = 0;
    let heldBytes = 0;
    let floorBytes = Infinity;
    for await (const photos of listPhotos(s3, scope)) {
      for (const { location } of photos) {
        if (location.key !== keyOf(seen) || location.versionId !== `v${seen}`)
          throw new Error(`${location.key} at ${seen}`);
        seen++;
      }
      if (pages++ % 20 !== 10) continue;
      collectGarbage();
      const { heapUsed } = process.memoryUsage();
      floorBytes = Math.min(floorBytes, heapUsed);
      heldBytes = Math.max(heldBytes, heapUsed - floorBytes);
    }
    expect({ seen, requests }).toEqual({ seen: objects, requests: objects / pageSize });
    // All photos together need more than twice as much.
    expect(heldBytes).toBeLessThan(15 * 1024 * 1024);
  });

  it('continues after a key', async () => {
    for await (const [first] of listPhotos(s3, { ...scope, startAfter: keyOf(54_321) })) {
      expect(first?.location.key).toBe(keyOf(54_322));
      return;
    }
    throw new Error('nothing was listed');
  });

  it('returns the version and the size of each object', async () => {
    for await (const [first] of listPhotos(s3, scope)) {
      expect(first).toEqual({
        location: {
          ...{ bucket: 'photos', key: keyOf(0), versionId: 'v0', eTag: 'e0' },
          ...{ isCopy: false, eventTime: '2026-11-23T10:00:00.000Z' },
        },
        ...{ bytes: 40_000, putAtMs: Date.parse('2026-11-23T10:00:00.000Z') },
        ...{ isCurrent: true, unprocessable: undefined },
      });
      return;
    }
    throw new Error('nothing was listed');
  });
});
