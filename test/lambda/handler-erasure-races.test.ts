import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { claimKey } from '../../contract/claim-key';
import { photoLocation, s3Body, s3Record } from './fixtures/events';
import {
  calls,
  claimExpires,
  deleted,
  erase,
  evidence,
  getAndDelete,
  livePhoto,
  lost,
  notFound,
  operator,
  photoExists,
  photoIsGone,
  tags,
  tombstones,
  uploadedTags,
} from './fixtures/erasure-fixture';
import { fakeTime } from './fixtures/fake-time';
import {
  acknowledged,
  claim,
  claimExists,
  claimsBucket,
  clientId,
  complyCube,
  deadLetters,
  invokeOne,
  jpeg,
  livePhotoId,
  othersTags,
  photoLines,
  published,
  retried,
  waits,
} from './fixtures/handler-fixture';
import type { Reply } from './fixtures/scripted-server';

const erased = { 'complycube-status': 'erased' };
const day = 86_400_000;
const emptyList: Reply = { status: 200, body: { pages: 0, items: [] } };
const list = (id = livePhotoId): Reply => ({
  status: 200,
  body: { pages: 1, items: [{ id, clientId, size: jpeg.length, createdAt: new Date().toISOString() }] },
});
const download: Reply = { status: 200, body: { data: jpeg.toString('base64') } };
const passes = (ms: number) => jest.setSystemTime(Date.now() + ms);

beforeEach(() => fakeTime());

describe('an upload after the erasure', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['an event that comes late', {}],
    ['an event of an object that has no room for the tag', othersTags(10)],
  ])('is skipped: %s', async (_, before) => {
    photoExists(before);
    await expect(erase()).resolves.toEqual(acknowledged);
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(calls()).toEqual([]);
    expect(photoLines().at(-1)).toMatchObject({ status: 'skipped', because: 'erased', ErasedSkipped: 1 });
    expect(claim()?.erasure?.isDone).toBe(true);
  });

  it('is skipped because of its tag, if its claim has expired', async () => {
    photoExists(erased);
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(calls()).toEqual([]);
    expect(photoLines().at(-1)).toMatchObject({ status: 'skipped', because: 'erased' });
  });

  it('is skipped while the erasure is retried', async () => {
    photoExists();
    complyCube.replyWith(livePhoto(), lost);
    await expect(erase()).resolves.toEqual(retried);
    photoExists({});
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(calls()).toEqual(getAndDelete);
  });

  it('is skipped after the claim has expired, also if the object has no tag', async () => {
    photoExists(othersTags(10), 31 * day);
    claimExists(-1, { livePhotoId });
    complyCube.replyWith(livePhoto(), deleted);
    await erase();
    claimExpires();
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(calls()).toEqual(getAndDelete);
    expect(photoLines().at(-1)).toMatchObject({ because: 'erased' });
    expect(claim()).toBeUndefined();
  });

  it('is skipped also if an earlier delivery died after it had created a claim', async () => {
    photoExists(othersTags(8), 31 * day);
    claimExists(-1, { livePhotoId });
    complyCube.replyWith(livePhoto(), deleted);
    await erase();
    photoExists(othersTags(8), 31 * day);
    claimExists(-1);
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(calls()).toEqual(getAndDelete);
  });

  it('happens for another version of the same key', async () => {
    photoExists({});
    await erase();
    photoExists({});
    complyCube.replyWith({ status: 200, body: { id: livePhotoId, clientId } });
    await expect(invokeOne(s3Body(s3Record({ versionId: 'version-2' })))).resolves.toEqual(acknowledged);
    expect(calls()).toEqual(['POST /livePhotos']);
  });

  it('is retried by an earlier version of the function, which finds a claim whose lease never ends', async () => {
    photoExists();
    complyCube.replyWith(livePhoto(), deleted);
    await erase();
    expect(claim()?.leaseUntil).toMatch(/^9999/);
  });
});

describe('an erasure while an upload is under way', () => {
  it('is retried when the lease ends, and changes nothing before', async () => {
    photoExists({});
    claimExists(130_000);
    await expect(erase()).resolves.toEqual(retried);
    expect(calls()).toEqual([]);
    expect(claim()).toMatchObject({ holder: 'another' });
    expect(claim()).not.toHaveProperty('erasure');
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 'claim-held' })]);
    expect(waits().at(-1)?.[0]).toBeGreaterThanOrEqual(130);
  });

  it('looks for the live photo after the lease, and once more ten minutes later', async () => {
    photoExists({});
    claimExists(-1);
    complyCube.replyWith(list(), download, livePhoto(), deleted);
    await expect(erase()).resolves.toEqual(retried);
    expect(calls().map((call) => call.split('?')[0])).toEqual([
      'GET /livePhotos',
      `GET /livePhotos/${livePhotoId}/download`,
      ...getAndDelete,
    ]);
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 'erasure-waits' })]);
    expect(waits().at(-1)?.[0]).toBeGreaterThanOrEqual(600);
    expect([tags, evidence(), published()]).toEqual([{}, [], []]);

    passes(600_000);
    complyCube.requests.length = 0;
    complyCube.replyWith(emptyList);
    await expect(erase({}, operator, 2)).resolves.toEqual(acknowledged);
    expect(calls()).toHaveLength(1);
    expect(tags).toEqual(erased);
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'deleted', status: 204 })]);
  });

  it('deletes a live photo that ComplyCube lists only at the second look', async () => {
    photoExists({});
    claimExists(-1);
    complyCube.replyWith(emptyList);
    await expect(erase()).resolves.toEqual(retried);
    passes(600_000);
    complyCube.replyWith(list(), download, livePhoto(), deleted);
    await expect(erase({}, operator, 2)).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'deleted', status: 204 })]);
  });

  it('makes no call when it is redelivered before the second look', async () => {
    photoExists({});
    claimExists(-1);
    complyCube.replyWith(emptyList);
    await erase();
    passes(599_000);
    await expect(erase({ requestId: 'request-2' })).resolves.toEqual(retried);
    expect(calls()).toHaveLength(1);
  });

  it('is not-found when neither look finds a live photo', async () => {
    photoExists({});
    claimExists(-1);
    complyCube.replyWith(emptyList);
    await erase();
    passes(600_000);
    await expect(erase({}, operator, 2)).resolves.toEqual(acknowledged);
    expect(calls()).toHaveLength(2);
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'not-found' })]);
  });

  it('keeps its result when the version is deleted before the second look', async () => {
    photoExists({});
    claimExists(-1);
    complyCube.replyWith(list(), download, livePhoto(), deleted);
    await erase();
    passes(600_000);
    photoIsGone();
    await expect(erase({}, operator, 2)).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'deleted' })]);
  });

  it('is dead-lettered when the version is deleted before the second look, and the first one found nothing', async () => {
    photoExists({});
    claimExists(-1);
    complyCube.replyWith(emptyList);
    await erase();
    passes(600_000);
    photoIsGone();
    await expect(erase({}, operator, 2)).resolves.toEqual(acknowledged);
    expect(deadLetters()).toEqual([expect.objectContaining({ reason: 'live-photo-unknown' })]);
    expect(evidence()).toEqual([]);
  });

  it('needs no second look when every attempt certainly failed', async () => {
    photoExists({});
    claimExists(-1, { maybeUploaded: false });
    await expect(erase()).resolves.toEqual(acknowledged);
    expect(calls()).toEqual([]);
    expect(tags).toEqual(erased);
  });
});

describe('an erasure of a copy', () => {
  it('deletes the live photo that its claim names, and not that of the tags, which may be the source’s', async () => {
    photoExists({ 'complycube-status': 'uploaded', 'complycube-live-photo-id': 'of-the-source' });
    claimExists(-1, { isCopy: true, livePhotoId });
    complyCube.replyWith(livePhoto(), deleted);
    await expect(erase()).resolves.toEqual(acknowledged);
    expect(calls()).toEqual(getAndDelete);
  });

  it('waits until the upload of the copy has a result', async () => {
    photoExists();
    claimExists(-1, { isCopy: true });
    await expect(erase()).resolves.toEqual(retried);
    expect(calls()).toEqual([]);
    expect(claim()).not.toHaveProperty('erasure');
  });

  it('deletes nothing when the copy was never uploaded: the live photo is older', async () => {
    photoExists();
    const createdAt = new Date(Date.now() - day - 300_001 - 1_000).toISOString();
    complyCube.replyWith(livePhoto({ createdAt }));
    await expect(erase()).resolves.toEqual(acknowledged);
    expect(calls()).toEqual(getAndDelete.slice(0, 1));
    expect(tags).toEqual(erased);
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'not-found' })]);
  });

  it.each<[string, number | undefined]>([
    ['the live photo is a little older than the version', day + 60_000],
    ['the live photo has no time', undefined],
  ])('is dead-lettered, and deletes nothing, when no claim exists and %s', async (_, ageMs) => {
    photoExists();
    const createdAt = ageMs && new Date(Date.now() - ageMs).toISOString();
    complyCube.replyWith(livePhoto({ createdAt }));
    await expect(erase()).resolves.toEqual(acknowledged);
    expect(deadLetters()).toEqual([expect.objectContaining({ reason: 'live-photo-unproven' })]);
    expect(calls()).toEqual(getAndDelete.slice(0, 1));
    expect([tags, evidence(), tombstones()]).toEqual([uploadedTags, [], []]);
  });

  it('is known from its event, which the claim stores', async () => {
    photoExists({});
    complyCube.replyWith({ status: 503 });
    await invokeOne(s3Body(s3Record({}, { eventName: 'ObjectCreated:Copy' })));
    expect(claim()?.isCopy).toBe(true);
    await invokeOne(s3Body(s3Record({ versionId: 'version-2' })));
    expect(claimsBucket.record(claimKey({ ...photoLocation, versionId: 'version-2' }))?.isCopy).toBe(false);
  });

  it('of an erased object is not uploaded', async () => {
    photoExists(erased);
    await expect(invokeOne(s3Body(s3Record({}, { eventName: 'ObjectCreated:Copy' })))).resolves.toEqual(acknowledged);
    expect(calls()).toEqual([]);
  });
});

describe('an erasure of a photo that an earlier version of the function uploaded', () => {
  it('deletes the live photo that is younger than the object', async () => {
    photoExists();
    claimExists(-1); // without isCopy
    complyCube.replyWith(livePhoto(), deleted);
    await expect(erase()).resolves.toEqual(acknowledged);
    expect(calls()).toEqual(getAndDelete);
  });

  it('works without a claim', async () => {
    photoExists(uploadedTags, 400 * day);
    complyCube.replyWith(livePhoto({ createdAt: new Date(Date.now() - 400 * day).toISOString() }), deleted);
    await expect(erase()).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'deleted' })]);
  });

  it('searches for the live photo of an old object whose tags had no room for an outcome', async () => {
    photoExists(othersTags(10), 31 * day);
    complyCube.replyWith(list(), download, livePhoto(), deleted, emptyList);
    await expect(erase()).resolves.toEqual(retried);
    passes(600_000);
    await expect(erase({}, operator, 2)).resolves.toEqual(acknowledged);
    expect(calls().slice(2, 4)).toEqual(getAndDelete);
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'deleted', status: 204 })]);
  });

  it('tells ComplyCube’s 404 from a live photo that an own deletion removed', async () => {
    photoExists();
    claimExists(-1);
    complyCube.replyWith(notFound);
    await expect(erase()).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'not-found' })]);
  });
});
