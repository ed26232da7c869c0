import { describe, it, expect } from '@jest/globals';
import { DeleteObjectCommand, type ListObjectsV2CommandInput, ListObjectsV2Command } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { codeOf, send, useS3 } from '../s3-requests';

const s3 = useS3({ photos: { isVersioned: true } });
let bucketCount = 0;

async function putAll(keys: readonly string[]): Promise<void> {
  for (const key of keys) await send(s3, 'PUT', `/photos/${encodeURIComponent(key)}`, {}, 'x');
}

const list = (input: Partial<ListObjectsV2CommandInput> = {}) =>
  s3.client.send(new ListObjectsV2Command({ Bucket: 'photos', ...input }));

/** The keys of every page, in order. */
async function listAll(input: Partial<ListObjectsV2CommandInput> = {}): Promise<string[][]> {
  const pages: string[][] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await list({ ...input, ContinuationToken });
    pages.push((page.Contents ?? []).map(({ Key = '' }) => Key));
    expect(page.KeyCount).toBe(pages.at(-1)?.length);
    ContinuationToken = page.NextContinuationToken;
    expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
  } while (ContinuationToken !== undefined);
  return pages;
}

const byUtf8 = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe('ListObjectsV2', () => {
  it('describes each object', async () => {
    await putAll(['a']);
    const { Contents, Name, MaxKeys, Prefix } = await list();
    expect(Contents).toEqual([
      {
        Key: 'a',
        ETag: '"9dd4e461268c8034f5c8564e155c67a6"',
        Size: 1,
        StorageClass: 'STANDARD',
        LastModified: expect.any(Date),
        ChecksumAlgorithm: ['CRC64NVME'],
        ChecksumType: 'FULL_OBJECT',
      },
    ]);
    expect({ Name, MaxKeys, Prefix }).toEqual({ Name: 'photos', MaxKeys: 1000, Prefix: '' });
  });

  it('lists everything page by page, for any keys, prefix and page size', async () => {
    const segment = fc.constantFrom('a', 'b', 'aa', '日', '😀', '');
    const keyArbitrary = fc
      .array(segment, { minLength: 1, maxLength: 4 })
      .map((segments) => segments.join('/'))
      .filter((key) => key !== '');
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(keyArbitrary, { maxLength: 15 }),
        fc.constantFrom('', 'a', 'a/', 'b/a', '日'),
        fc.integer({ min: 1, max: 4 }),
        async (keys, Prefix, MaxKeys) => {
          const name = `bucket-${++bucketCount}`;
          await s3.createBucket(name);
          for (const key of keys) await send(s3, 'PUT', `/${name}/${encodeURIComponent(key)}`, {}, 'x');
          const pages = await listAll({ Bucket: name, Prefix, MaxKeys });
          expect(pages.flat()).toEqual(keys.filter((key) => key.startsWith(Prefix)).sort(byUtf8));
          expect(pages.slice(0, -1).every((page) => page.length === MaxKeys)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('continues after a page even if the page was deleted meanwhile', async () => {
    await putAll(['a', 'b', 'c', 'd']);
    const { NextContinuationToken: ContinuationToken } = await list({ MaxKeys: 2 });
    for (const Key of ['a', 'b']) await s3.client.send(new DeleteObjectCommand({ Bucket: 'photos', Key }));
    expect((await list({ ContinuationToken })).Contents?.map(({ Key }) => Key)).toEqual(['c', 'd']);
  });

  it('omits objects hidden by delete markers', async () => {
    await putAll(['a', 'dir/b', 'dir/c', 'hidden/d']);
    for (const Key of ['a', 'dir/b', 'hidden/d']) {
      await s3.client.send(new DeleteObjectCommand({ Bucket: 'photos', Key }));
    }
    expect(await listAll()).toEqual([['dir/c']]);
  });

  it('encodes keys and prefixes with encoding-type=url', async () => {
    const key = 'dir (1)/é+=@~%&<.jpg';
    await putAll([key]);
    const query = 'list-type=2&encoding-type=url&prefix=dir%20(1)/';
    const { text } = await send(s3, 'GET', `/photos?${query}`);
    expect(text).toContain('<Key>dir+%281%29/%C3%A9%2B%3D%40%7E%25%26%3C.jpg</Key>');
    expect(text).toContain('<Prefix>dir+%281%29/</Prefix>');
    expect(text).toContain('<EncodingType>url</EncodingType>');
  });

  it('returns an empty page for max-keys=0, and at most 1,000 keys', async () => {
    await putAll(['a']);
    const empty = await list({ MaxKeys: 0 });
    expect([empty.KeyCount, empty.IsTruncated, empty.Contents]).toEqual([0, false, undefined]);
    expect((await list({ MaxKeys: 5000 })).MaxKeys).toBe(1000);
  });

  it.each(['max-keys=-1', 'max-keys=x', 'encoding-type=base64', 'encoding-type=', 'continuation-token=bWFkZSB1cA=='])(
    'refuses %s',
    async (query) => {
      const answer = await send(s3, 'GET', `/photos?list-type=2&${query}`);
      expect([answer.status, codeOf(answer)]).toEqual([400, 'InvalidArgument']);
    },
  );
});
