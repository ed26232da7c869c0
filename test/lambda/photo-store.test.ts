import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  NoSuchBucket,
  NoSuchKey,
  PutObjectTaggingCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { PhotoStore } from '../../lambda/photo-store';
import { RetryLaterError } from '../../lambda/retry-later-error';
import { s3Failure, s3Photo } from './s3-answers';
import { photoLocation } from './events';

const s3 = mockClient(S3Client);
const store = new PhotoStore(new S3Client({ region: 'eu-west-2' }));
const pinned = { Bucket: 'photos', Key: 'app/photo.jpg', VersionId: 'version-1' };

beforeEach(() => {
  s3.reset();
  s3.rejects(new Error('unplanned call'));
});

async function openPhoto() {
  const photo = await store.open(photoLocation);
  if (typeof photo === 'string') throw new Error(`the photo is ${photo}`);
  return photo;
}

describe('open', () => {
  it('asks for the event’s version with the event’s ETag, in one call', async () => {
    s3.on(GetObjectCommand).resolves(s3Photo(Buffer.from('abc'), { metadata: { 'client-id': 'a' }, tagCount: 2 }));
    await expect(store.open(photoLocation)).resolves.toMatchObject({
      bytes: 3,
      metadata: { 'client-id': 'a' },
      tagCount: 2,
    });
    expect(s3.calls()).toHaveLength(1);
    expect(s3.call(0).args[0].input).toEqual({ ...pinned, IfMatch: photoLocation.eTag });
  });

  it.each([
    ['a key that is not there', new NoSuchKey({ message: '', $metadata: { httpStatusCode: 404 } }), 'gone'],
    ['a version that is not there', s3Failure(404, 'NoSuchVersion'), 'gone'],
    ['a delete marker', s3Failure(405, 'MethodNotAllowed'), 'gone'],
    ['another ETag', s3Failure(412, 'PreconditionFailed'), 'overwritten'],
  ])('tells %s', async (_, error, absence) => {
    s3.on(GetObjectCommand).rejects(error);
    await expect(store.open(photoLocation)).resolves.toBe(absence);
  });

  it.each([
    ['no permission', s3Failure(403, 'AccessDenied')],
    ['a missing bucket', new NoSuchBucket({ message: '', $metadata: { httpStatusCode: 404 } })],
    ['a fault of S3', s3Failure(503, 'SlowDown')],
    ['a broken connection', new Error('ECONNRESET')],
  ])('takes %s for no absence', async (_, error) => {
    s3.on(GetObjectCommand).rejects(error);
    await expect(store.open(photoLocation)).rejects.toBe(error);
  });
});

describe('read', () => {
  it('reads the body', async () => {
    s3.on(GetObjectCommand).resolves(s3Photo(Buffer.from('abc')));
    await expect((await openPhoto()).read().until(3)).resolves.toEqual(Buffer.from('abc'));
  });

  it('holds no more than was announced, whatever comes', async () => {
    const photo = s3Photo(Buffer.alloc(10_000_000), { contentLength: 5 });
    s3.on(GetObjectCommand).resolves(photo);
    await expect((await openPhoto()).read().until(5)).rejects.toThrow(RetryLaterError);
    expect(photo.Body.destroyed).toBe(true);
  });

  it('takes a body that ends early for a fault of the way, not of the photo', async () => {
    s3.on(GetObjectCommand).resolves(s3Photo(Buffer.from('abc'), { contentLength: 5 }));
    await expect((await openPhoto()).read().until(5)).rejects.toThrow(RetryLaterError);
  });

  it('ends when it is discarded', async () => {
    const photo = s3Photo(Buffer.alloc(10_000_000));
    s3.on(GetObjectCommand).resolves(photo);
    const open = await openPhoto();
    const image = open.read();
    open.discard();
    await expect(image.until(10_000_000)).rejects.toThrow(RetryLaterError);
    expect(photo.Body.destroyed).toBe(true);
  });

  it('gives each of many photos that are read at the same time bytes of its own, and later ones the same buffers', async () => {
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
  it('reads the tags of the pinned version', async () => {
    s3.on(GetObjectTaggingCommand, pinned).resolves({ TagSet: [{ Key: 'team', Value: 'kyc' }] });
    await expect(store.readTags(photoLocation)).resolves.toEqual(new Map([['team', 'kyc']]));
  });

  it('never takes a failed read for an empty set', async () => {
    s3.on(GetObjectTaggingCommand).rejects(s3Failure(500, 'InternalError'));
    await expect(store.readTags(photoLocation)).rejects.toThrow(S3ServiceException);
    s3.on(GetObjectTaggingCommand).resolves({ TagSet: undefined });
    await expect(store.readTags(photoLocation)).rejects.toThrow(RetryLaterError);
  });

  it('tells that the object is gone', async () => {
    s3.on(GetObjectTaggingCommand).rejects(s3Failure(404, 'NoSuchKey'));
    await expect(store.readTags(photoLocation)).resolves.toBe('gone');
  });
});

describe('writeTags', () => {
  const tags = new Map([['complycube-status', 'uploaded']]);

  it('replaces the tags of the pinned version', async () => {
    s3.on(PutObjectTaggingCommand).resolves({});
    await expect(store.writeTags(photoLocation, tags)).resolves.toBe('written');
    expect(s3.call(0).args[0].input).toEqual({
      ...pinned,
      Tagging: { TagSet: [{ Key: 'complycube-status', Value: 'uploaded' }] },
    });
  });

  it('tries again when another operation on the object was under way', async () => {
    s3.on(PutObjectTaggingCommand).rejectsOnce(s3Failure(409, 'OperationAborted')).resolves({});
    await expect(store.writeTags(photoLocation, tags)).resolves.toBe('written');
  });

  it('gives up when the object stays busy', async () => {
    s3.on(PutObjectTaggingCommand).rejects(s3Failure(409, 'OperationAborted'));
    await expect(store.writeTags(photoLocation, tags)).rejects.toThrow('OperationAborted');
    expect(s3.calls()).toHaveLength(4);
  });

  it('tells that the object is gone', async () => {
    s3.on(PutObjectTaggingCommand).rejects(s3Failure(404, 'NoSuchVersion'));
    await expect(store.writeTags(photoLocation, tags)).resolves.toBe('gone');
  });
});
