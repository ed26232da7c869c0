import { describe, it, expect } from '@jest/globals';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { codeOf, send, useS3 } from '../s3-requests';

const s3 = useS3({ photos: { isVersioned: true }, plain: {} });

const photo = { Bucket: 'photos', Key: 'k' };
const plain = { Bucket: 'plain', Key: 'k' };

async function put(Body: string, object = photo): Promise<string | undefined> {
  return (await s3.client.send(new PutObjectCommand({ ...object, Body }))).VersionId;
}

async function read(VersionId?: string, object = photo): Promise<string | undefined> {
  return (await s3.client.send(new GetObjectCommand({ ...object, VersionId }))).Body?.transformToString();
}

const remove = (VersionId?: string, object = photo) =>
  s3.client.send(new DeleteObjectCommand({ ...object, VersionId }));

describe('a bucket with versioning', () => {
  it('keeps every version with a different ID, and reads the newest by default', async () => {
    const first = await put('one');
    const second = await put('two');
    expect(first).not.toBe(second);
    expect(await read()).toBe('two');
    expect(await read(first)).toBe('one');
    const head = await s3.client.send(new HeadObjectCommand(photo));
    expect(head.VersionId).toBe(second);
  });

  it('hides the object behind a delete marker after a delete without a version ID', async () => {
    const version = await put('one');
    const deleted = await remove();
    expect(deleted.DeleteMarker).toBe(true);
    const answer = await send(s3, 'GET', '/photos/k');
    expect([answer.status, codeOf(answer)]).toEqual([404, 'NoSuchKey']);
    expect(answer.headers).toMatchObject({ 'x-amz-delete-marker': 'true', 'x-amz-version-id': deleted.VersionId });
    expect(await read(version)).toBe('one');
  });

  it('creates a delete marker even for a missing object', async () => {
    expect(await remove()).toMatchObject({ DeleteMarker: true, VersionId: expect.any(String) });
  });

  it('returns 405 for the ID of a delete marker', async () => {
    const { VersionId = '' } = await remove();
    for (const method of ['GET', 'HEAD']) {
      const answer = await send(s3, method, `/photos/k?versionId=${VersionId}`);
      expect(answer.status).toBe(405);
      expect(answer.headers).toMatchObject({ 'x-amz-delete-marker': 'true', allow: 'DELETE' });
      expect(answer.headers['last-modified']).toBeDefined();
    }
  });

  it('shows the object again after the delete marker is deleted', async () => {
    await put('one');
    const { VersionId } = await remove();
    expect(await remove(VersionId)).toMatchObject({ DeleteMarker: true, VersionId });
    expect(await read()).toBe('one');
  });

  it('deletes a named version permanently', async () => {
    const first = await put('one');
    await put('two');
    const removed = await remove(first);
    expect([removed.VersionId, removed.DeleteMarker]).toEqual([first, undefined]);
    await expect(read(first)).rejects.toMatchObject({ name: 'NoSuchVersion', $metadata: { httpStatusCode: 404 } });
    expect(await read()).toBe('two');
  });

  it.each(['no-version', '', '%00'])('refuses the malformed version ID %j', async (versionId) => {
    await put('one');
    const answer = await send(s3, 'GET', `/photos/k?versionId=${versionId}`);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'InvalidArgument']);
  });

  it('accepts If-None-Match: * if the newest version is a delete marker', async () => {
    await put('one');
    await remove();
    await s3.client.send(new PutObjectCommand({ ...photo, Body: 'two', IfNoneMatch: '*' }));
    expect(await read()).toBe('two');
  });
});

describe('a bucket without versioning', () => {
  it('keeps one version, with the ID null, and returns no version ID', async () => {
    expect(await put('one', plain)).toBeUndefined();
    await put('two', plain);
    expect(await read('null', plain)).toBe('two');
    const answer = await send(s3, 'GET', '/plain/k?versionId=null');
    expect(answer.headers['x-amz-version-id']).toBeUndefined();
  });

  it('deletes the object permanently, and returns 204 also if it is missing', async () => {
    await put('one', plain);
    for (const answer of [await send(s3, 'DELETE', '/plain/k'), await send(s3, 'DELETE', '/plain/k')]) {
      expect(answer.status).toBe(204);
      expect(answer.headers).not.toHaveProperty('x-amz-delete-marker');
      expect(answer.headers).not.toHaveProperty('x-amz-version-id');
    }
    await expect(read(undefined, plain)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('refuses any version ID except null', async () => {
    await put('one', plain);
    const someId = await put('one');
    await expect(read(someId, plain)).rejects.toMatchObject({ name: 'InvalidArgument' });
    await expect(remove(someId, plain)).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});

describe('a conditional DeleteObject', () => {
  const removeIf = (IfMatch: string) => s3.client.send(new DeleteObjectCommand({ ...plain, IfMatch }));

  it('deletes only the object with the ETag', async () => {
    const { ETag = '' } = await s3.client.send(new PutObjectCommand({ ...plain, Body: 'one' }));
    await expect(removeIf('"other"')).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    expect(await read(undefined, plain)).toBe('one');
    await removeIf(ETag);
    await expect(read(undefined, plain)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it.each(['*', '"any"'])('returns 404 for If-Match: %s and a missing object', async (IfMatch) => {
    await expect(removeIf(IfMatch)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('refuses a condition on a version or on a size, as S3 does', async () => {
    const VersionId = await put('one');
    const conditional = new DeleteObjectCommand({ ...photo, VersionId, IfMatch: '*' });
    await expect(s3.client.send(conditional)).rejects.toMatchObject({ name: 'NotImplemented' });
    const answer = await send(s3, 'DELETE', '/plain/k', { 'x-amz-if-match-size': '1' });
    expect(codeOf(answer)).toBe('NotImplemented');
  });
});

describe('DeleteObjects', () => {
  it('deletes each object like DeleteObject, and returns a result for each', async () => {
    const version = await put('one');
    const Objects = [
      { Key: 'k', VersionId: version },
      { Key: 'a <new> & "odd" key' },
      { Key: 'k', VersionId: 'nonsense' },
      { Key: 'k', ETag: '"x"' },
    ];
    const { Deleted, Errors } = await s3.client.send(
      new DeleteObjectsCommand({ Bucket: 'photos', Delete: { Objects } }),
    );
    expect(Deleted).toEqual([
      { Key: 'k', VersionId: version },
      { Key: 'a <new> & "odd" key', DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) },
    ]);
    expect(Errors).toMatchObject([
      { Key: 'k', VersionId: 'nonsense', Code: 'InvalidArgument' },
      { Key: 'k', Code: 'NoSuchKey' },
    ]);
  });

  it('returns only the failures in quiet mode', async () => {
    await put('one', plain);
    const Delete = { Quiet: true, Objects: [{ Key: 'k' }, { Key: 'k', VersionId: 'nonsense' }] };
    const { Deleted, Errors } = await s3.client.send(new DeleteObjectsCommand({ Bucket: 'plain', Delete }));
    expect([Deleted, Errors?.length]).toEqual([undefined, 1]);
    await expect(read(undefined, plain)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it.each(['<Delete></Delete>', '<Delete><Object/></Delete>', '<Delete>', '<Other/>', '', '<Delete>&own;</Delete>'])(
    'refuses the body %j',
    async (body) => {
      expect(codeOf(await send(s3, 'POST', '/plain?delete', {}, body))).toBe('MalformedXML');
    },
  );

  it('refuses more than 1,000 objects', async () => {
    const body = (count: number) => `<Delete>${'<Object><Key>k</Key></Object>'.repeat(count)}</Delete>`;
    expect((await send(s3, 'POST', '/plain?delete', {}, body(1000))).status).toBe(200);
    expect(codeOf(await send(s3, 'POST', '/plain?delete', {}, body(1001)))).toBe('MalformedXML');
  });
});
