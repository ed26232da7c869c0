import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  calls,
  deleted,
  erase,
  evidence,
  getAndDelete,
  livePhoto,
  lost,
  operator,
  photoExists,
  tags,
  usedByCheck,
} from './fixtures/erasure-fixture';
import { photoLocation } from './fixtures/events';
import { fakeTime } from './fixtures/fake-time';
import {
  acknowledged,
  claim,
  claimExists,
  clientId,
  complyCube,
  eventBridge,
  jpeg,
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
const empty: Reply = { status: 200, body: { pages: 0, items: [] } };
const list = (ageMs = 0): Reply => ({
  status: 200,
  body: {
    pages: 1,
    items: [{ id: livePhotoId, clientId, size: jpeg.length, createdAt: new Date(Date.now() - ageMs).toISOString() }],
  },
});
const download: Reply = { status: 200, body: { data: jpeg.toString('base64') } };
/** The second look, ten minutes after the first. */
const lookAgain = (receives: number, ...replies: Reply[]) => {
  jest.setSystemTime(Date.now() + 600_000);
  complyCube.requests.length = 0;
  complyCube.replyWith(...replies);
  return erase({}, operator, receives);
};

beforeEach(() => fakeTime());

/** An upload whose result nobody knows. */
const uploadIsUnknown = () => {
  photoExists({});
  claimExists(-1);
};

describe('an erasure that searches for the live photo of an upload', () => {
  it('ends at once when ComplyCube refuses to delete it, and a later request finds it without a search', async () => {
    uploadIsUnknown();
    complyCube.replyWith(list(), download, livePhoto(), usedByCheck);
    await expect(erase()).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'refused', status: 422 })]);

    complyCube.requests.length = 0;
    complyCube.replyWith(livePhoto(), deleted);
    await expect(erase({ requestId: 'request-2' })).resolves.toEqual(acknowledged);
    expect(calls()).toEqual(getAndDelete);
  });

  it('is refused when ComplyCube refuses to delete what only the second look finds', async () => {
    uploadIsUnknown();
    complyCube.replyWith(list(), download, livePhoto(), deleted);
    await erase();
    await expect(lookAgain(2, list(), download, livePhoto(), usedByCheck)).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'refused' })]);
    expect([tags, published()]).toEqual([{}, []]);
  });

  it('does not search a third time when only its event is missing', async () => {
    uploadIsUnknown();
    complyCube.replyWith(empty);
    await erase();
    eventBridge.on(PutEventsCommand).rejectsOnce(new Error('throttled')).resolves({ FailedEntryCount: 0 });
    await expect(lookAgain(2, empty)).resolves.toEqual(retried);
    await expect(lookAgain(3, empty)).resolves.toEqual(acknowledged);
    expect(calls()).toEqual([]);
  });

  it('counts as deleted when the answer to the deletion was lost, and nothing is found afterwards', async () => {
    uploadIsUnknown();
    complyCube.replyWith(list(), download, livePhoto(), lost, empty);
    await expect(erase()).resolves.toEqual(retried);
    expect(claim()?.erasure?.deleting).toEqual([livePhotoId]);
    await expect(erase({}, operator, 2)).resolves.toEqual(retried);
    await expect(lookAgain(3, empty)).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'deleted', status: 404 })]);
  });

  it('is retried when the object is deleted before its bytes are read', async () => {
    uploadIsUnknown();
    s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).rejects(s3Failure(404, 'NoSuchVersion'));
    await expect(erase()).resolves.toEqual(retried);
    expect(calls()).toEqual([]);
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 's3-failed' })]);
  });

  it('makes no call for an object that was never sent, because it has no client', async () => {
    uploadIsUnknown();
    const { eTag } = photoLocation;
    s3.on(HeadObjectCommand).resolves({ ContentLength: jpeg.length, Metadata: {}, ETag: `"${eTag}"` });
    await expect(erase()).resolves.toEqual(retried);
    await expect(lookAgain(2, empty)).resolves.toEqual(acknowledged);
    expect(calls()).toEqual([]);
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'not-found' })]);
  });

  it.each<[string, number, number, string]>([
    ['deletes the live photo of a ComplyCube whose clock is a minute behind', 31 * day, 31 * day + 60_000, 'deleted'],
    ['leaves a live photo alone that is older than the version', 31 * day, 32 * day, 'not-found'],
  ])('without a claim: %s', async (_, versionAgeMs, livePhotoAgeMs, outcome) => {
    photoExists(othersTags(10), versionAgeMs);
    const createdAt = new Date(Date.now() - livePhotoAgeMs).toISOString();
    complyCube.replyWith(list(livePhotoAgeMs), download, livePhoto({ createdAt }), deleted);
    await expect(erase()).resolves.toEqual(retried);
    await expect(lookAgain(2, empty)).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([expect.objectContaining({ outcome })]);
  });

  it('leaves a live photo alone that is older than the claim of the upload', async () => {
    uploadIsUnknown();
    complyCube.replyWith(list(day), download, livePhoto(), deleted);
    await expect(erase()).resolves.toEqual(retried);
    await expect(lookAgain(2, empty)).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'not-found' })]);
  });
});
