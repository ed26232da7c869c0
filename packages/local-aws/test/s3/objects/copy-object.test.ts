import { beforeEach, describe, it, expect } from '@jest/globals';
import {
  CopyObjectCommand,
  type CopyObjectCommandInput,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { codeOf, send, useS3 } from '../s3-requests';

const s3 = useS3({ photos: { isVersioned: true }, copies: {} });
let firstVersion: string | undefined;

const source = { Bucket: 'photos', Key: 'a b+é.jpg' };
const CopySource = `photos/${encodeURIComponent(source.Key)}`;

beforeEach(async () => {
  ({ VersionId: firstVersion } = await s3.client.send(new PutObjectCommand({ ...source, Body: 'first' })));
  const details = { Metadata: { 'client-id': 'abc' }, ContentType: 'image/jpeg', Tagging: 'a=1' };
  await s3.client.send(new PutObjectCommand({ ...source, Body: 'second', ...details }));
});

const copy = (input: Partial<CopyObjectCommandInput> = {}) =>
  s3.client.send(new CopyObjectCommand({ Bucket: 'copies', Key: 'c', CopySource, ...input }));

describe('CopyObject', () => {
  it('copies the bytes, the metadata and the tags', async () => {
    const { CopyObjectResult, CopySourceVersionId } = await copy();
    expect(CopySourceVersionId).toEqual(expect.any(String));
    const got = await s3.client.send(new GetObjectCommand({ Bucket: 'copies', Key: 'c' }));
    expect(await got.Body?.transformToString()).toBe('second');
    expect(got).toMatchObject({ ContentType: 'image/jpeg', Metadata: { 'client-id': 'abc' }, TagCount: 1 });
    expect(CopyObjectResult).toMatchObject({ ETag: got.ETag, ChecksumCRC32: expect.any(String) });
  });

  it('copies the named version', async () => {
    await copy({ CopySource: `/${CopySource}?versionId=${firstVersion}` });
    expect((await send(s3, 'GET', '/copies/c')).text).toBe('first');
  });

  it('has its own tags', async () => {
    await copy();
    await send(s3, 'PUT', '/copies/c?tagging', {}, '<Tagging><TagSet/></Tagging>');
    const { TagSet } = await s3.client.send(new GetObjectTaggingCommand(source));
    expect(TagSet).toHaveLength(1);
  });

  it('refuses to copy an object onto itself', async () => {
    await expect(copy(source)).rejects.toMatchObject({ name: 'InvalidRequest' });
  });

  it('checks the conditions of a write', async () => {
    await copy({ IfNoneMatch: '*' });
    await expect(copy({ IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it.each([
    ['photos/none', {}, 'NoSuchKey'],
    ['nobody/k', {}, 'NoSuchBucket'],
    ['photos', {}, 'InvalidArgument'],
    ['photos/%zz', {}, 'InvalidURI'],
    [CopySource, { 'x-amz-copy-source-if-match': '"x"' }, 'NotImplemented'],
    [CopySource, { 'x-amz-metadata-directive': 'REPLACE' }, 'NotImplemented'],
  ])('refuses the source %s with %j: %s', async (copySource, headers, code) => {
    const answer = await send(s3, 'PUT', '/copies/c', { 'x-amz-copy-source': copySource, ...headers }, '');
    expect(codeOf(answer)).toBe(code);
    expect((await send(s3, 'GET', '/copies/c')).status).toBe(404);
  });
});
