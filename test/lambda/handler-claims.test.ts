import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from '@jest/globals';
import { cutOff } from 'sample-photos/damage';
import { makeJpeg } from 'sample-photos/jpeg';
import type { ClaimRecord } from '../../contract/claim-record';
import { photoLocation, s3Body, s3Record } from './fixtures/events';
import {
  acknowledged,
  accepted,
  claim,
  claimExists,
  complyCube,
  eventBridge,
  invokeOne,
  jpeg,
  livePhotoId,
  othersTags,
  photoIs,
  photoLines,
  published,
  retried,
  s3,
  tagsAre,
  writtenTags,
} from './fixtures/handler-fixture';
import { s3Failure } from './fixtures/s3-answers';
import type { Reply } from './fixtures/scripted-server';

const uploadedTags = (id = livePhotoId) => ({ 'complycube-status': 'uploaded', 'complycube-live-photo-id': id });
const emptyList: Reply = { status: 200, body: { pages: 0, items: [] } };
const reset: Reply = (response) => response.destroy();
const methods = () => complyCube.requests.map(({ method }) => method);
const leaseLeftMs = () => Date.parse(claim()?.leaseUntil ?? '') - Date.now();

/** Cut off, and large enough for the upload to start before it has arrived. */
const largeDamaged = cutOff(makeJpeg({ bytes: 400_000, seed: 2 }), 390_000);

/** ComplyCube has the live photo of an earlier attempt. */
const earlierExists = () => {
  const items = [{ id: 'earlier', size: jpeg.length, createdAt: new Date().toISOString() }];
  complyCube.replyWith(
    { status: 200, body: { pages: 1, items } },
    { status: 200, body: { data: jpeg.toString('base64') } },
  );
};

describe('a claim', () => {
  it('is created before the upload, and is not changed after the photo is tagged', async () => {
    let claimAtPost: ClaimRecord | undefined;
    complyCube.replyWith((response) => {
      claimAtPost = claim();
      response.end(JSON.stringify({ id: livePhotoId }));
    });
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(claimAtPost).toMatchObject({ attempt: 1 });
    expect(claim()).toEqual(claimAtPost);
  });

  it('of another delivery leads to a retry, and nothing is sent', async () => {
    claimExists(90_000);
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(complyCube.requests).toHaveLength(0);
    expect(claim()).toMatchObject({ holder: 'another', attempt: 1 });
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 'claim-held' })]);
  });

  it('whose lease has expired is taken over, and the live photo of its holder is adopted', async () => {
    claimExists(-1);
    earlierExists();
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([uploadedTags('earlier')]);
    expect(methods()).toEqual(['GET', 'GET']);
    expect(photoLines()).toEqual([
      expect.objectContaining({ reconciled: 'adopted', attempt: 2, LivePhotosAdopted: 1 }),
    ]);
  });

  it('whose lease has expired is taken over, and the photo is uploaded when no live photo is found', async () => {
    claimExists(-1);
    complyCube.replyWith(emptyList, accepted);
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(methods()).toEqual(['GET', 'POST']);
    expect(photoLines()).toEqual([expect.objectContaining({ reconciled: 'not-found', LivePhotosNotFound: 1 })]);
  });

  it('with a live photo ID needs no call to ComplyCube', async () => {
    claimExists(-1, { livePhotoId: 'known' });
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(0);
    expect(writtenTags()).toEqual([uploadedTags('known')]);
  });

  it('with a live photo ID prevents a later rejection, even if the object has no room for tags', async () => {
    tagsAre(othersTags(9));
    claimExists(-1, { livePhotoId: 'known' });
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(published()).toEqual([
      expect.objectContaining({ type: 'Live Photo Uploaded But Not Tagged', livePhotoId: 'known' }),
    ]);
    expect(complyCube.requests).toHaveLength(0);
  });

  it.each<[string, () => void]>([
    ['is known', () => claimExists(-1, { livePhotoId: 'earlier' })],
    [
      'is adopted',
      () => {
        claimExists(-1);
        earlierExists();
      },
    ],
  ])('whose live photo %s preserves tags that others wrote in the meantime', async (_, arrange) => {
    arrange();
    photoIs(jpeg, { tagCount: 1 });
    s3.on(GetObjectTaggingCommand)
      .resolvesOnce({ TagSet: [{ Key: 'team', Value: 'before' }] })
      .resolves({ TagSet: [{ Key: 'team', Value: 'after' }] });
    await invokeOne();
    expect(writtenTags()).toEqual([{ team: 'after', ...uploadedTags('earlier') }]);
  });

  it('keeps the adopted live photo when the object can’t be tagged', async () => {
    claimExists(-1);
    earlierExists();
    s3.on(PutObjectTaggingCommand).rejects(s3Failure(503, 'SlowDown'));
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(claim()).toMatchObject({ livePhotoId: 'earlier' });
  });

  it('that another delivery creates at the same time leads to a retry', async () => {
    claimExists(90_000);
    s3.on(PutObjectCommand, { Bucket: 'claims' }).rejects(s3Failure(409, 'ConditionalRequestConflict'));
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 'claim-held' })]);
  });

  it('that can’t be created prevents the upload', async () => {
    s3.on(PutObjectCommand).rejects(s3Failure(503, 'SlowDown'));
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(complyCube.requests).toHaveLength(0);
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 's3-failed' })]);
  });

  it.each<[string, Reply]>([
    ['429', { status: 429 }],
    ['402', { status: 402 }],
  ])('is deleted when ComplyCube certainly did not accept the photo: %s', async (_, reply) => {
    complyCube.replyWith(reply);
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(claim()).toBeUndefined();
  });

  it.each<[string, () => void]>([
    [
      'the photo can’t be read',
      () => s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).rejects(s3Failure(503, 'SlowDown')),
    ],
    [
      'an outcome from the tags can’t be published',
      () => {
        tagsAre(uploadedTags('known'));
        eventBridge.on(PutEventsCommand).rejects(new Error('down'));
      },
    ],
  ])('is deleted when %s before anything is sent', async (_, arrange) => {
    arrange();
    await expect(invokeOne(s3Body(), 2)).resolves.toEqual(retried);
    expect(claim()).toBeUndefined();
  });

  it('is kept if the object could not be tagged with the live photo', async () => {
    s3.on(PutObjectTaggingCommand).rejects(s3Failure(500, 'InternalError'));
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(claim()).toMatchObject({ livePhotoId });
    expect(leaseLeftMs()).toBeLessThan(-59_000);
  });

  it('is kept if a later attempt fails, because ComplyCube may list the live photo of the first attempt later', async () => {
    claimExists(-1);
    complyCube.replyWith({ status: 429 });
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(claim()).toMatchObject({ attempt: 2 });
    expect(claim()?.maybeUploaded).toBeUndefined();
    expect(leaseLeftMs()).toBeLessThan(-59_000);
  });
});

describe('after an unknown outcome', () => {
  it.each<[string, Reply]>([
    ['500', { status: 500 }],
    ['408', { status: 408 }],
    ['a reset', reset],
    ['an answer that can’t be read', { status: 200, body: '' }],
  ])('the claim is leased until ComplyCube lists the live photo, plus the clock skew: %s', async (_, reply) => {
    complyCube.replyWith(reply);
    const beforeMs = Date.now();
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(claim()?.livePhotoId).toBeUndefined();
    const leaseUntilMs = Date.parse(claim()?.leaseUntil ?? '');
    expect(leaseUntilMs).toBeGreaterThanOrEqual(beforeMs + 75_000);
    expect(leaseUntilMs).toBeLessThanOrEqual(Date.now() + 75_000);
  });

  it('a redelivery looks for the live photo first', async () => {
    complyCube.replyWith(reset);
    await invokeOne();
    claimExists(-1, { claimedAt: claim()?.claimedAt ?? '' });
    complyCube.replyWith(emptyList, accepted);
    await expect(invokeOne(s3Body(), 2)).resolves.toEqual(acknowledged);
    expect(methods()).toEqual(['POST', 'GET', 'POST']);
  });

  it.each<[string, Reply]>([
    ['500', { status: 500 }],
    ['a reset', reset],
    ['no list', { status: 200, body: 'no JSON' }],
  ])('a failed search never leads to an upload: %s', async (_, reply) => {
    claimExists(-1);
    complyCube.replyWith(reply);
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(methods()).toEqual(['GET']);
    expect(claim()).toMatchObject({ attempt: 2 });
  });
});

describe('a copy of a photo, with the tags of its source', () => {
  const invokeCopy = () => {
    tagsAre(uploadedTags('from-the-tags'));
    return invokeOne(s3Body(s3Record({}, { eventName: 'ObjectCreated:Copy' })), 2);
  };

  it('is uploaded, and its claim keeps the live photo', async () => {
    await expect(invokeCopy()).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([uploadedTags()]);
    expect(claim()).toMatchObject({ livePhotoId });
  });

  it('is a duplicate if tags and claim contain the same live photo ID', async () => {
    claimExists(-1, { livePhotoId: 'from-the-tags' });
    await expect(invokeCopy()).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(0);
    expect(writtenTags()).toEqual([]);
  });

  it('never gets the outcome of its source after a failed attempt', async () => {
    claimExists(60_000);
    await expect(invokeCopy()).resolves.toEqual(retried);
    claimExists(-1);
    complyCube.replyWith(emptyList, accepted);
    await expect(invokeCopy()).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([uploadedTags()]);
  });

  it('is not rejected because its source was', async () => {
    tagsAre({ 'complycube-status': 'rejected', 'complycube-rejection': 'client-unknown' });
    await invokeOne(s3Body(s3Record({}, { eventName: 'ObjectCreated:Copy' })));
    expect(writtenTags()).toEqual([uploadedTags()]);
  });
});

describe('a retracted rejection', () => {
  const rejectedTags = { 'complycube-status': 'rejected', 'complycube-rejection': 'client-unknown' };
  const retract = (reason: unknown) => invokeOne(s3Body(s3Record({}, { complycubeRetractedRejection: reason })));

  it('lets the photo be uploaded, after a search for the live photo of the earlier attempt', async () => {
    tagsAre({ team: 'kyc', ...rejectedTags });
    claimExists(-1);
    complyCube.replyWith(emptyList, accepted);
    await expect(retract('client-unknown')).resolves.toEqual(acknowledged);
    expect(methods()).toEqual(['GET', 'POST']);
    expect(writtenTags()).toEqual([{ team: 'kyc', ...uploadedTags() }]);
  });

  it('waits while another delivery works on the photo', async () => {
    tagsAre(rejectedTags);
    claimExists(90_000);
    await expect(retract('client-unknown')).resolves.toEqual(retried);
    expect(complyCube.requests).toHaveLength(0);
  });

  it.each<[string, Record<string, string>, unknown]>([
    ['uploaded', uploadedTags('known'), 'client-unknown'],
    [
      'uploaded, with any other tags',
      { ...uploadedTags('known'), 'complycube-rejection': 'client-unknown' },
      'client-unknown',
    ],
    ['rejected for another reason', { ...rejectedTags, 'complycube-rejection': 'too-small' }, 'client-unknown'],
    ['rejected, if the retracted reason is not text', rejectedTags, null],
  ])('does not change a photo that is %s', async (_, tags, reason) => {
    tagsAre(tags);
    claimExists(-1);
    await expect(retract(reason)).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(0);
    expect(writtenTags()).toEqual([]);
  });
});

describe('an invalid photo whose claim was taken over', () => {
  it.each<[string, Parameters<typeof photoIs>, string]>([
    ['no client ID', [jpeg, { metadata: {} }], 'client-id-missing'],
    ['a damaged image', [largeDamaged], 'image-damaged'],
  ])('is rejected without a call, and the claim is kept without a lease: %s', async (_, photo, reason) => {
    photoIs(...photo);
    claimExists(-1);
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(0);
    expect(writtenTags()).toEqual([{ 'complycube-status': 'rejected', 'complycube-rejection': reason }]);
    expect(leaseLeftMs()).toBeLessThan(-59_000);
  });
});
