import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  NoSuchBucket,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { PhotoStore } from '../../../lambda/aws/photo-store';
import { RetryLaterError } from '../../../lambda/retry-later-error';
import { s3Failure, s3Photo } from '../fixtures/s3-answers';
import { photoLocation } from '../fixtures/events';

const s3 = mockClient(S3Client);
const store = new PhotoStore(new S3Client({ region: 'eu-west-2' }));
const version = { Bucket: 'photos', Key: 'app/photo.jpg', VersionId: 'version-1' };
const { signal } = new AbortController();

beforeEach(() => {
  s3.reset();
  s3.rejects(new Error('unplanned call'));
});

async function openPhoto(abortSignal = signal) {
  const photo = await store.open(photoLocation, abortSignal);
  if (typeof photo === 'string') throw new Error(`the photo is ${photo}`);
  return photo;
}

/** Failures that say nothing about the object. They lead to a retry, never to "the object is gone". */
const failures: [string, Error][] = [
  ['no permission', s3Failure(403, 'AccessDenied')],
  ['a missing bucket', new NoSuchBucket({ message: '', $metadata: { httpStatusCode: 404 } })],
  ['a 404 that is not from S3', s3Failure(404, 'UnknownError')],
  ['a 404 of a proxy, with HTML', s3Failure(404, 'NotFound')],
  ['a 403 of a proxy, with HTML', s3Failure(403, 'UnknownError')],
  ['a 405 that is not from S3', s3Failure(405, 'UnknownError')],
  ['a 409', s3Failure(409, 'Conflict')],
  ['a fault of S3', s3Failure(503, 'SlowDown')],
  ['a broken connection', new Error('ECONNRESET')],
  ['an error that only has S3’s code as its name', Object.assign(new Error('no'), { name: 'NoSuchKey' })],
];

describe('open', () => {
  it('requests the event’s version with the event’s ETag, in one call', async () => {
    s3.on(GetObjectCommand).resolves(s3Photo(Buffer.from('abc'), { metadata: { 'client-id': 'a' }, tagCount: 2 }));
    await expect(store.open(photoLocation, signal)).resolves.toMatchObject({
      bytes: 3,
      metadata: { 'client-id': 'a' },
      tagCount: 2,
    });
    expect(s3.calls()).toHaveLength(1);
    expect(s3.call(0).args).toEqual([
      expect.objectContaining({ input: { ...version, IfMatch: photoLocation.eTag } }),
      { abortSignal: signal },
    ]);
  });

  it.each([
    ['a missing key', s3Failure(404, 'NoSuchKey')],
    ['a missing version', s3Failure(404, 'NoSuchVersion')],
    ['a delete marker', s3Failure(405, 'MethodNotAllowed')],
  ])('reports %s as gone', async (_, error) => {
    s3.on(GetObjectCommand).rejects(error);
    await expect(store.open(photoLocation, signal)).resolves.toBe('gone');
  });

  it.each([
    ['without versions', undefined],
    ['with suspended versioning', 'null'],
  ])('reports another ETag in a bucket %s as overwritten', async (_, versionId) => {
    s3.on(GetObjectCommand).rejects(s3Failure(412, 'PreconditionFailed'));
    await expect(store.open({ ...photoLocation, versionId }, signal)).resolves.toBe('overwritten');
  });

  it('fails for another ETag of a version, because a version never changes', async () => {
    s3.on(GetObjectCommand).rejects(s3Failure(412, 'PreconditionFailed'));
    await expect(store.open(photoLocation, signal)).rejects.toMatchObject({ code: 's3-failed' });
  });

  it('fails for a 412 that is not from S3, also in a bucket without versions', async () => {
    s3.on(GetObjectCommand).rejects(s3Failure(412, 'UnknownError'));
    const opening = store.open({ ...photoLocation, versionId: undefined }, signal);
    await expect(opening).rejects.toMatchObject({ code: 's3-failed' });
  });

  it.each(failures)('fails for %s', async (_, cause) => {
    s3.on(GetObjectCommand).rejects(cause);
    const opening = store.open(photoLocation, signal);
    await expect(opening).rejects.toMatchObject({ name: 'RetryLaterError', code: 's3-failed', cause });
  });

  it('has a separate error code for an archived object', async () => {
    s3.on(GetObjectCommand).rejects(s3Failure(403, 'InvalidObjectState'));
    await expect(store.open(photoLocation, signal)).rejects.toMatchObject({ code: 'object-archived' });
  });

  it.each([
    ['body', { ContentLength: 3 }],
    ['length', { Body: s3Photo(Buffer.from('abc')).Body }],
  ])('fails for an answer without a %s', async (_, answer) => {
    s3.on(GetObjectCommand).resolves(answer);
    await expect(store.open(photoLocation, signal)).rejects.toMatchObject({ code: 's3-failed' });
  });

  it.each([
    ['no ETag, such as a proxy’s page', { ETag: undefined }],
    ['another ETag, such as a cache’s copy', { ETag: '"0cc175b9c0f1b6a831c399e269772661"' }],
  ])('fails for an answer with %s, and closes its connection', async (_, answer) => {
    const photo = { ...s3Photo(Buffer.from('<html></html>')), ...answer };
    s3.on(GetObjectCommand).resolves(photo);
    await expect(store.open({ ...photoLocation, versionId: undefined }, signal)).rejects.toMatchObject({
      code: 's3-failed',
    });
    expect(photo.Body.destroyed).toBe(true);
  });

  it.each([
    ['when the signal is aborted', false],
    ['immediately when the signal is already aborted', true],
  ])('destroys the body %s', async (_, isAborted) => {
    const photo = s3Photo(Buffer.from('abc'));
    s3.on(GetObjectCommand).resolves(photo);
    const controller = new AbortController();
    if (isAborted) controller.abort();
    await openPhoto(controller.signal);
    expect(photo.Body.destroyed).toBe(isAborted);
    controller.abort();
    expect(photo.Body.destroyed).toBe(true);
  });

  it('reports a body that breaks before it is read', async () => {
    const photo = s3Photo(Buffer.from('abc'));
    s3.on(GetObjectCommand).resolves(photo);
    const open = await openPhoto();
    photo.Body.destroy(new Error('ECONNRESET'));
    await new Promise(setImmediate);
    await expect(open.read().until(3)).rejects.toMatchObject({ code: 's3-failed' });
  });
});

describe('read', () => {
  it('reads the body', async () => {
    s3.on(GetObjectCommand).resolves(s3Photo(Buffer.from('abc')));
    await expect((await openPhoto()).read().until(3)).resolves.toEqual(Buffer.from('abc'));
  });

  it('fails for more bytes than S3 announced', async () => {
    const photo = s3Photo(Buffer.alloc(10_000_000), { contentLength: 5 });
    s3.on(GetObjectCommand).resolves(photo);
    await expect((await openPhoto()).read().until(5)).rejects.toThrow(RetryLaterError);
    expect(photo.Body.destroyed).toBe(true);
  });

  it('retries a photo whose body ends early, instead of rejecting it', async () => {
    s3.on(GetObjectCommand).resolves(s3Photo(Buffer.from('abc'), { contentLength: 5 }));
    await expect((await openPhoto()).read().until(5)).rejects.toThrow(RetryLaterError);
  });

  it('fails with the signal’s reason when the signal is aborted', async () => {
    s3.on(GetObjectCommand).resolves(s3Photo(Buffer.alloc(10_000_000)));
    const controller = new AbortController();
    const image = (await openPhoto(controller.signal)).read();
    const reason = new RetryLaterError('deadline-exceeded', 'too late');
    controller.abort(reason);
    await expect(image.until(10_000_000)).rejects.toBe(reason);
  });

  it('fails when the photo is discarded', async () => {
    const photo = s3Photo(Buffer.alloc(10_000_000));
    s3.on(GetObjectCommand).resolves(photo);
    const open = await openPhoto();
    const image = open.read();
    open.discard();
    await expect(image.until(10_000_000)).rejects.toThrow(RetryLaterError);
    expect(photo.Body.destroyed).toBe(true);
  });

  it('uses a separate buffer for each photo that is read at the same time, and reuses the buffers later', async () => {
    const size = 1_000_000;
    const read = async (fill: number) => {
      s3.on(GetObjectCommand).resolves(s3Photo(Buffer.alloc(size, fill)));
      const open = await openPhoto();
      return { open, bytes: await open.read().until(size) };
    };
    const first = [await read(1), await read(2)];
    expect(first.map(({ bytes }) => bytes.every((byte) => byte === bytes[0]) && bytes[0])).toEqual([1, 2]);
    for (const { open } of first) open.discard();
    const later = await read(3);
    expect(first.map(({ bytes }) => bytes.buffer)).toContain(later.bytes.buffer);
  });
});

describe('readTags', () => {
  it('reads the tags of the event’s version', async () => {
    s3.on(GetObjectTaggingCommand, version).resolves({ TagSet: [{ Key: 'team', Value: 'kyc' }] });
    await expect(store.readTags(photoLocation, signal)).resolves.toEqual(new Map([['team', 'kyc']]));
    expect(s3.call(0).args).toEqual([expect.anything(), { abortSignal: signal }]);
  });

  it.each(failures)('fails for %s', async (_, cause) => {
    s3.on(GetObjectTaggingCommand).rejects(cause);
    await expect(store.readTags(photoLocation, signal)).rejects.toMatchObject({ code: 's3-failed', cause });
  });

  it('fails for an answer without tags', async () => {
    s3.on(GetObjectTaggingCommand).resolves({ TagSet: undefined });
    await expect(store.readTags(photoLocation, signal)).rejects.toMatchObject({ code: 's3-failed' });
  });

  it('reports that the object is gone', async () => {
    s3.on(GetObjectTaggingCommand).rejects(s3Failure(404, 'NoSuchKey'));
    await expect(store.readTags(photoLocation, signal)).resolves.toBe('gone');
  });
});

describe('writeTags', () => {
  const tags = new Map([['complycube-status', 'uploaded']]);

  it('replaces the tags of the event’s version', async () => {
    s3.on(PutObjectTaggingCommand).resolves({});
    await expect(store.writeTags(photoLocation, tags, signal)).resolves.toBe('written');
    expect(s3.call(0).args).toEqual([
      expect.objectContaining({
        input: { ...version, Tagging: { TagSet: [{ Key: 'complycube-status', Value: 'uploaded' }] } },
      }),
      { abortSignal: signal },
    ]);
  });

  it('repeats the request while another operation on the object is in progress', async () => {
    s3.on(PutObjectTaggingCommand).rejectsOnce(s3Failure(409, 'OperationAborted')).resolves({});
    await expect(store.writeTags(photoLocation, tags, signal)).resolves.toBe('written');
  });

  it('fails when the object stays busy for four requests', async () => {
    s3.on(PutObjectTaggingCommand).rejects(s3Failure(409, 'OperationAborted'));
    await expect(store.writeTags(photoLocation, tags, signal)).rejects.toMatchObject({ code: 's3-failed' });
    expect(s3.calls()).toHaveLength(4);
  });

  it.each(failures)('fails for %s, after one request', async (_, cause) => {
    s3.on(PutObjectTaggingCommand).rejects(cause);
    await expect(store.writeTags(photoLocation, tags, signal)).rejects.toMatchObject({ code: 's3-failed', cause });
    expect(s3.calls()).toHaveLength(1);
  });

  it('reports that the object is gone', async () => {
    s3.on(PutObjectTaggingCommand).rejects(s3Failure(404, 'NoSuchVersion'));
    await expect(store.writeTags(photoLocation, tags, signal)).resolves.toBe('gone');
  });
});
