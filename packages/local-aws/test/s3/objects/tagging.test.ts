import { describe, it, expect } from '@jest/globals';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type Tag,
} from '@aws-sdk/client-s3';
import { codeOf, send, useS3 } from '../s3-requests';

const s3 = useS3({ photos: { isVersioned: true } });

const photo = { Bucket: 'photos', Key: 'k' };

async function put(Tagging?: string): Promise<string | undefined> {
  return (await s3.client.send(new PutObjectCommand({ ...photo, Body: 'x', Tagging }))).VersionId;
}

const setTags = (TagSet: Tag[], VersionId?: string) =>
  s3.client.send(new PutObjectTaggingCommand({ ...photo, VersionId, Tagging: { TagSet } }));

async function tags(VersionId?: string): Promise<Tag[] | undefined> {
  return (await s3.client.send(new GetObjectTaggingCommand({ ...photo, VersionId }))).TagSet;
}

const manyTags = (count: number) => Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: '' }));

describe('object tags', () => {
  it('are set with the object by x-amz-tagging, which is form-encoded', async () => {
    await put('a=b&c+d=e%20%2B&empty=&&bare');
    expect(await tags()).toEqual([
      { Key: 'a', Value: 'b' },
      { Key: 'c d', Value: 'e +' },
      { Key: 'empty', Value: '' },
      { Key: 'bare', Value: '' },
    ]);
  });

  it('are replaced as a whole, and keep their order', async () => {
    await put('old=1&kept=1');
    const TagSet = [
      { Key: '10', Value: 'b' },
      { Key: '9', Value: ' 写真  ' },
    ];
    await setTags(TagSet);
    expect(await tags()).toEqual(TagSet);
  });

  it('are decoded once from character references and CDATA', async () => {
    await put();
    const tag = '<Tag><Key>a&#x20;b</Key><Value><![CDATA[c]]>&#100;</Value></Tag>';
    await send(s3, 'PUT', '/photos/k?tagging', {}, `<Tagging><TagSet>${tag}</TagSet></Tagging>`);
    expect(await tags()).toEqual([{ Key: 'a b', Value: 'cd' }]);
  });

  it('are counted by GetObject if there are any', async () => {
    await put('a=1&b=2');
    const count = async () => (await s3.client.send(new GetObjectCommand(photo))).TagCount;
    expect(await count()).toBe(2);
    await setTags([]);
    expect(await count()).toBeUndefined();
    expect(await tags()).toEqual([]);
  });

  it('belong to a version', async () => {
    const first = await put('a=first');
    const second = await put();
    expect(await tags()).toEqual([]);
    const answer = await setTags([{ Key: 'a', Value: 'changed' }], first);
    expect(answer.VersionId).toBe(first);
    expect(await tags(first)).toEqual([{ Key: 'a', Value: 'changed' }]);
    expect(await tags(second)).toEqual([]);
  });

  it('can be 10, with keys of 128 and values of 256 characters', async () => {
    await put();
    await setTags(manyTags(10));
    expect(await tags()).toHaveLength(10);
    await setTags([{ Key: 'k'.repeat(128), Value: '語'.repeat(256) }]);
    expect(await tags()).toHaveLength(1);
  });

  it.each<[string, Tag[], string]>([
    ['11 tags', manyTags(11), 'BadRequest'],
    [
      'a key twice',
      [
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ],
      'InvalidTag',
    ],
    ['an empty key', [{ Key: '', Value: '1' }], 'InvalidTag'],
    ['a key of 129 characters', [{ Key: 'k'.repeat(129), Value: '' }], 'InvalidTag'],
    ['a value of 257 characters', [{ Key: 'a', Value: 'v'.repeat(257) }], 'InvalidTag'],
    ['a key with a comma', [{ Key: 'a,b', Value: '' }], 'InvalidTag'],
    ['a value with a comma', [{ Key: 'a', Value: '1,2' }], 'InvalidTag'],
    ['the reserved prefix', [{ Key: 'aws:a', Value: '' }], 'InvalidTag'],
  ])('are unchanged after a PutObjectTagging with %s', async (_, TagSet, name) => {
    await put('a=1');
    await expect(setTags(TagSet)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
    expect(await tags()).toEqual([{ Key: 'a', Value: '1' }]);
  });

  it.each([
    '',
    'text',
    '<Tagging/>',
    '<Other><TagSet/></Other>',
    '<Tagging><TagSet>',
    '<Tagging><TagSet><Tag><Key>&constructor;</Key><Value/></Tag></TagSet></Tagging>',
    '<Tagging><__proto__/></Tagging>',
    `${'<Tagging>'.repeat(200)}${'</Tagging>'.repeat(200)}`,
    '<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>',
    '<!DOCTYPE x [<!ENTITY a "b">]><Tagging><TagSet><Tag><Key>&a;</Key><Value/></Tag></TagSet></Tagging>',
  ])('are unchanged after the body %j', async (body) => {
    await put('a=1');
    expect(codeOf(await send(s3, 'PUT', '/photos/k?tagging', {}, body))).toBe('MalformedXML');
    expect(await tags()).toEqual([{ Key: 'a', Value: '1' }]);
  });

  it('are unchanged after a body with a wrong CRC32', async () => {
    await put('a=1');
    const answer = await send(s3, 'PUT', '/photos/k?tagging', { 'x-amz-checksum-crc32': 'AAAAAA==' }, '<Tagging/>');
    expect(codeOf(answer)).toBe('BadDigest');
  });

  it.each([
    ['a=1&a=2', 'InvalidArgument'],
    ['a=%zz', 'InvalidArgument'],
    ['a=1=2', 'InvalidArgument'],
    ['a&b&c&d&e&f&g&h&i&j&k', 'BadRequest'],
  ])('are refused together with the object if x-amz-tagging is %s', async (tagging, name) => {
    await expect(put(tagging)).rejects.toMatchObject({ name });
    await expect(tags()).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('are refused with 404 if the object or version does not exist', async () => {
    await expect(tags()).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(setTags([])).rejects.toMatchObject({ name: 'NoSuchKey' });
    const gone = await put();
    await s3.client.send(new DeleteObjectCommand({ ...photo, VersionId: gone }));
    await expect(setTags([], gone)).rejects.toMatchObject({ name: 'NoSuchVersion' });
  });

  it('are refused with 405 for a delete marker, named or current', async () => {
    await put();
    const { VersionId } = await s3.client.send(new DeleteObjectCommand(photo));
    for (const version of [VersionId, undefined]) {
      await expect(tags(version)).rejects.toMatchObject({ name: 'MethodNotAllowed' });
      await expect(setTags([], version)).rejects.toMatchObject({ name: 'MethodNotAllowed' });
    }
  });
});
