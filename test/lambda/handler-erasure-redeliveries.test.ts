import { PutObjectCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { claimKey } from '../../contract/claim-key';
import { erasureRecordKey } from '../../contract/erasure-record';
import {
  calls,
  claimExpires,
  deleted,
  erase,
  evidence,
  getAndDelete,
  livePhoto,
  notFound,
  photoExists,
  photoIsGone,
  tags,
  uploadedTags,
  usedByCheck,
} from './fixtures/erasure-fixture';
import { photoLocation } from './fixtures/events';
import { fakeTime } from './fixtures/fake-time';
import {
  acknowledged,
  claim,
  claimExists,
  claimsBucket,
  complyCube,
  livePhotoId,
  othersTags,
  photoLines,
  published,
  retried,
  s3,
} from './fixtures/handler-fixture';
import { s3Failure } from './fixtures/s3-answers';
import type { Reply } from './fixtures/scripted-server';

const day = 86_400_000;
/** ComplyCube's answer that it deletes the live photo. Something happens before. */
const deletedAfter =
  (happens: () => void): Reply =>
  (response) => {
    happens();
    response.writeHead(204).end();
  };

beforeEach(() => fakeTime());

describe('a further request for an erased version', () => {
  it.each<[string, Readonly<Record<string, string>>, number]>([
    ['tag', {}, 0],
    ['tombstone, if it is old and has no room for the tag', othersTags(10), 29 * day],
  ])('does nothing after its claim has expired, because of its %s', async (_, before, ageMs) => {
    photoExists(before, ageMs);
    claimExists(-1, { livePhotoId });
    complyCube.replyWith(livePhoto(), deleted);
    await erase();
    claimExpires();
    await expect(erase({ requestId: 'request-2' })).resolves.toEqual(acknowledged);
    expect(calls()).toEqual(getAndDelete);
    expect([evidence().length, claim()]).toEqual([1, undefined]);
    expect(photoLines().at(-1)).toMatchObject({ outcome: 'already-erased', DuplicatesSkipped: 1 });
  });
});

describe('an object with the tag of an erasure, but without a claim and a tombstone', () => {
  it('counts as erased, because nobody copies an erased photo by accident', async () => {
    photoExists({ 'complycube-status': 'erased' });
    await expect(erase()).resolves.toEqual(acknowledged);
    expect([calls(), evidence(), claim()]).toEqual([[], [], undefined]);
    expect(photoLines()).toEqual([expect.objectContaining({ outcome: 'already-erased' })]);
  });
});

describe('an erasure that ComplyCube refused', () => {
  it('is not repeated by another request before its evidence is stored', async () => {
    photoExists();
    claimExists(-1, { isCopy: false });
    complyCube.replyWith(livePhoto(), usedByCheck);
    const requestedAt = '2026-11-26T12:00:00.000Z';
    const Key = erasureRecordKey({ ...photoLocation, requestId: 'request-1', requestedAt });
    s3.on(PutObjectCommand, { Key }).rejectsOnce(s3Failure(503, 'SlowDown')).resolves({});
    await expect(erase()).resolves.toEqual(retried);
    await expect(erase({ requestId: 'request-2' })).resolves.toEqual(acknowledged);
    expect(calls()).toEqual(getAndDelete);
  });
});

describe('an erasure at its last moment', () => {
  it('begins when the lease of an upload ends', async () => {
    photoExists();
    claimExists(0, { livePhotoId });
    complyCube.replyWith(livePhoto(), deleted);
    await expect(erase()).resolves.toEqual(acknowledged);
  });

  it.each<[string, Reply, string]>([
    ['429', { status: 429 }, 'rate-limited'],
    ['a gateway’s 404', { status: 404, body: '<html>' }, 'refused'],
  ])('is retried if ComplyCube does not find the live photo, and then answers %s', async (_, reply, errorCode) => {
    photoExists();
    complyCube.replyWith(livePhoto(), notFound, reply);
    await expect(erase()).resolves.toEqual(retried);
    expect(evidence()).toEqual([]);
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode })]);
  });
});

describe('the log line of an erasure', () => {
  it('says that the version is tagged, and how long it took', async () => {
    photoExists();
    const passes = () => jest.setSystemTime(Date.now() + 3_000);
    complyCube.replyWith(livePhoto(), deletedAfter(passes));
    await expect(erase()).resolves.toEqual(acknowledged);
    expect(photoLines()).toEqual([
      expect.objectContaining({
        level: 'INFO',
        message: 'photo object erased',
        FunctionName: 'upload',
        isTagged: true,
        tookMs: 3_000,
      }),
    ]);
  });

  it.each<[string, () => void]>([
    ['before its tags are read', photoIsGone],
    ['before its tags are written', () => s3.on(PutObjectTaggingCommand).rejects(s3Failure(404, 'NoSuchVersion'))],
  ])('says that the version is not tagged if it is deleted meanwhile, %s', async (_, happens) => {
    photoExists();
    complyCube.replyWith(livePhoto(), deletedAfter(happens));
    await expect(erase()).resolves.toEqual(acknowledged);
    expect(photoLines()).toEqual([expect.objectContaining({ outcome: 'deleted', isTagged: false })]);
    expect(published()).toEqual([expect.objectContaining({ type: 'Live Photo Erased' })]);
  });
});

describe('an erasure of an object that was overwritten, in a bucket without versions', () => {
  it.each([undefined, 'null'])(
    'deletes the live photo in its claim, and does not tag its successor: %s',
    async (id) => {
      const former = { ...photoLocation, versionId: id, eTag: 'former' };
      photoExists();
      claimExists(-1, { livePhotoId });
      claimsBucket.set(claimKey(former), { ...claim(), ...former });
      complyCube.replyWith(livePhoto({ size: 50_000 }), deleted);
      await expect(erase(former)).resolves.toEqual(acknowledged);
      expect(calls()).toEqual(getAndDelete);
      expect(tags).toEqual(uploadedTags);
      expect(evidence()).toEqual([expect.objectContaining({ outcome: 'deleted', eTag: 'former' })]);
    },
  );
});
