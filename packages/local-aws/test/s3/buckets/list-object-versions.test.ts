import { describe, it, expect } from '@jest/globals';
import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { codeOf, send, useS3 } from '../s3-requests';

const s3 = useS3({ photos: { isVersioned: true } });
let bucketCount = 0;

const list = (input: Partial<ListObjectVersionsCommandInput> = {}) =>
  s3.client.send(new ListObjectVersionsCommand({ Bucket: 'photos', ...input }));

async function put(Key: string, Bucket = 'photos'): Promise<string> {
  const { VersionId = '' } = await s3.client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  return VersionId;
}

async function remove(Key: string, VersionId?: string, Bucket = 'photos'): Promise<string> {
  const deleted = await s3.client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  return deleted.VersionId ?? '';
}

function idsOf({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput): string[] {
  return [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => `${Key} ${VersionId}`);
}

describe('ListObjectVersions', () => {
  it('lists a key’s versions and delete markers, newest first, and marks the latest', async () => {
    const first = await put('k');
    const marker = await remove('k');
    const last = await put('k');
    const { Versions, DeleteMarkers } = await list();
    expect(Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [last, true],
      [first, false],
    ]);
    expect(DeleteMarkers).toMatchObject([{ Key: 'k', VersionId: marker, IsLatest: false }]);
    const { text } = await send(s3, 'GET', '/photos?versions');
    expect([last, marker, first].map((id) => text.indexOf(id))).toEqual(
      [last, marker, first].map((id) => text.indexOf(id)).sort((a, b) => a - b),
    );
  });

  it('lists every version once, page by page', async () => {
    const stepsArbitrary = fc.array(
      fc.record({ key: fc.constantFrom('a', 'b', 'dir/c', 'dir/d', 'e'), isDelete: fc.boolean() }),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(stepsArbitrary, fc.integer({ min: 1, max: 4 }), async (steps, MaxKeys) => {
        const Bucket = `bucket-${++bucketCount}`;
        await s3.createBucket(Bucket, { isVersioned: true });
        const expected: string[] = [];
        for (const { key, isDelete } of steps) {
          expected.push(`${key} ${await (isDelete ? remove(key, undefined, Bucket) : put(key, Bucket))}`);
        }
        const listed: string[] = [];
        let page: ListObjectVersionsCommandOutput | undefined;
        do {
          const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page ?? {};
          page = await list({ Bucket, MaxKeys, KeyMarker, VersionIdMarker });
          listed.push(...idsOf(page));
        } while (page.IsTruncated);
        expect([...listed].sort()).toEqual([...expected].sort());
      }),
      { numRuns: 30 },
    );
  });

  it('continues after a version that was deleted after it was listed', async () => {
    const oldest = await put('k');
    const middle = await put('k');
    const newest = await put('k');
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = await list({ MaxKeys: 2 });
    expect([KeyMarker, VersionIdMarker]).toEqual(['k', middle]);
    await remove('k', middle);
    const newer = await put('k');
    expect(idsOf(await list({ KeyMarker, VersionIdMarker }))).toEqual([`k ${oldest}`]);
    expect(idsOf(await list())).toEqual([`k ${newer}`, `k ${newest}`, `k ${oldest}`]);
  });

  it('returns the version ID null in a bucket without versioning', async () => {
    await s3.createBucket('plain');
    await put('k', 'plain');
    expect((await list({ Bucket: 'plain' })).Versions).toMatchObject([{ Key: 'k', VersionId: 'null', IsLatest: true }]);
  });

  it('refuses a version marker without a key marker', async () => {
    expect(codeOf(await send(s3, 'GET', '/photos?versions&version-id-marker=null'))).toBe('InvalidArgument');
  });
});
