import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { Readable } from 'node:stream';
import { PhotoStore } from '../../../lambda/aws/photo-store';
import { RetryLaterError } from '../../../lambda/retry-later-error';
import { s3Failure, s3Photo, unclearFailures } from '../fixtures/s3-answers';
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

  it.each(unclearFailures)('fails for %s', async (_, cause) => {
    s3.on(GetObjectCommand).rejects(cause);
    const opening = store.open(photoLocation, signal);
    await expect(opening).rejects.toMatchObject({ name: 'RetryLaterError', code: 's3-failed', cause });
    await expect(opening).rejects.toThrow('GetObject');
  });

  it('has a separate error code for an archived object', async () => {
    const cause = s3Failure(403, 'InvalidObjectState');
    s3.on(GetObjectCommand).rejects(cause);
    await expect(store.open(photoLocation, signal)).rejects.toMatchObject({ code: 'object-archived', cause });
  });

  it('fails for an answer without a body', async () => {
    s3.on(GetObjectCommand).resolves({ ContentLength: 3, ETag: `"${photoLocation.eTag}"` });
    const opening = store.open(photoLocation, signal);
    await expect(opening).rejects.toMatchObject({ code: 's3-failed' });
    await expect(opening).rejects.toThrow('no body');
  });

  it.each([
    ['no length', { ContentLength: undefined }],
    ['no ETag, such as a proxy’s page', { ETag: undefined }],
    ['another ETag, such as a cache’s copy', { ETag: '"0cc175b9c0f1b6a831c399e269772661"' }],
  ])('fails for an answer with %s, and closes its connection, which may break then', async (_, answer) => {
    const body = new Readable({ destroy: (__, end) => end(new Error('ECONNRESET')) });
    s3.on(GetObjectCommand).resolves({ ...s3Photo(Buffer.from('<html></html>'), { body }), ...answer });
    await expect(store.open({ ...photoLocation, versionId: undefined }, signal)).rejects.toMatchObject({
      code: 's3-failed',
    });
    expect(body.destroyed).toBe(true);
    await new Promise(setImmediate);
  });

  it('opens a photo if S3’s answer has no metadata, tag count or date', async () => {
    const photo = s3Photo(Buffer.from('abc'));
    s3.on(GetObjectCommand).resolves({ ...photo, Metadata: undefined, LastModified: undefined });
    await expect(openPhoto()).resolves.toMatchObject({ metadata: {}, tagCount: 0, createdAtMs: undefined });
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
