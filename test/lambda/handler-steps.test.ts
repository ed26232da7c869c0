import { GetObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { cutOff } from 'sample-photos/damage';
import { makeJpeg } from 'sample-photos/jpeg';
import { photoLocation, s3Body, s3Record } from './fixtures/events';
import {
  acknowledged,
  claimExists,
  complyCube,
  invokeOne,
  jpeg,
  livePhotoId,
  metadata,
  photoIs,
  photoLines,
  retried,
  s3,
  tagsAre,
} from './fixtures/handler-fixture';
import { s3Failure, s3Photo } from './fixtures/s3-answers';

const damaged = (bytes: number) => cutOff(makeJpeg({ bytes: bytes + 1_000, seed: 3 }), bytes);

describe('a damaged photo', () => {
  it.each([
    ['costs no call to ComplyCube below 256 KB, because it is checked first', 262_143, undefined],
    ['is noticed while it is sent from 256 KB on, and its call never ends', 262_144, [expect.anything()]],
  ])('%s', async (_, bytes, apiCalls) => {
    photoIs(damaged(bytes));
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    const [line] = photoLines();
    expect(line).toMatchObject({ status: 'rejected', reason: 'image-damaged' });
    expect(line?.['apiCalls']).toEqual(apiCalls);
    expect(complyCube.requests).toHaveLength(0);
  });
});

describe('an object whose key ends in a slash', () => {
  it('is uploaded if it contains a photo', async () => {
    await expect(invokeOne(s3Body(s3Record({ key: 'photos/' })))).resolves.toEqual(acknowledged);
    expect(photoLines()).toEqual([expect.objectContaining({ status: 'uploaded' })]);
  });
});

describe('a photo that another delivery processes', () => {
  it('is retried, and the log names the claim as the reason', async () => {
    claimExists(60_000);
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 'claim-held' })]);
  });

  it.each([
    ['is gone', () => s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).rejects(s3Failure(404, 'NoSuchKey'))],
    ['is marked', () => photoIs(jpeg, { metadata: { ...metadata, 'live-photo': 'skip' } })],
    ['has its outcome', () => tagsAre({ 'complycube-status': 'uploaded', 'complycube-live-photo-id': livePhotoId })],
  ])('is acknowledged at once if it %s', async (_, arrange) => {
    claimExists(60_000);
    arrange();
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(photoLines()).toEqual([expect.objectContaining({ status: 'skipped' })]);
  });

  it('has its body closed', async () => {
    claimExists(60_000);
    const photo = s3Photo(jpeg, { metadata });
    s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).resolves(photo);
    await invokeOne();
    expect(photo.Body.destroyed).toBe(true);
  });
});

describe('the log line of a photo', () => {
  it('has the number of its attempt from the second one on', async () => {
    await invokeOne();
    expect(photoLines()[0]).not.toHaveProperty('attempt');
    claimExists(-1, { maybeUploaded: false });
    await invokeOne();
    expect(photoLines()[1]).toHaveProperty('attempt', 2);
  });

  it('has its size, even if the photo is a duplicate', async () => {
    tagsAre({ 'complycube-status': 'uploaded', 'complycube-live-photo-id': livePhotoId });
    await invokeOne();
    expect(photoLines()[0]).toHaveProperty('bytes', jpeg.length);
  });
});
