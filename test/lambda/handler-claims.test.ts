import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from '@jest/globals';
import { photoLocation, s3Body, s3Record } from './events';
import {
  acknowledged,
  accepted,
  claimChanges,
  claimStands,
  complyCube,
  eventBridge,
  invokeOne,
  jpeg,
  kept,
  logLines,
  photoIs,
  published,
  s3,
  waits,
  writtenTags,
} from './handler-fixture';
import { s3Failure } from './s3-answers';
import type { Reply } from './scripted-server';

describe('the claim', () => {
  it('is made before anything is sent, and left standing when the photo is tagged', async () => {
    await invokeOne();
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({ Bucket: 'claims', IfNoneMatch: '*' });
    expect(claimChanges()).toEqual([]);
  });

  it('of another lets the message wait until its lease has ended', async () => {
    claimStands(90_000);
    await expect(invokeOne()).resolves.toEqual(kept);
    expect(complyCube.requests).toHaveLength(0);
    expect(waits()).toEqual([90]);
  });

  it('of another is taken over when its lease has ended, and its live photo is adopted', async () => {
    claimStands(-1);
    const size = jpeg.length;
    const items = [{ id: 'earlier', size, createdAt: new Date().toISOString() }];
    complyCube.replyWith(
      { status: 200, body: { pages: 1, items } },
      { status: 200, body: { data: jpeg.toString('base64') } },
    );
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([{ 'complycube-status': 'uploaded', 'complycube-live-photo-id': 'earlier' }]);
    expect(complyCube.requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
    expect(logLines.join('')).toContain('"reconciled":"adopted"');
  });

  it('of another is taken over, and the photo uploaded when none is found', async () => {
    claimStands(-1);
    complyCube.replyWith({ status: 200, body: { pages: 0, items: [] } }, accepted);
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(complyCube.requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
    expect(logLines.join('')).toContain('"reconciled":"not-found"');
  });

  it('that knows the live photo needs no look and no upload', async () => {
    claimStands(-1, { livePhotoId: 'known' });
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(0);
    expect(writtenTags()).toEqual([{ 'complycube-status': 'uploaded', 'complycube-live-photo-id': 'known' }]);
  });

  it.each<[string, Reply]>([
    ['429', { status: 429 }],
    ['402', { status: 402 }],
    ['404 for the client', { status: 404, body: { message: 'Invalid client id' } }],
  ])('is released when ComplyCube surely did not take the photo: %s', async (_, reply) => {
    complyCube.replyWith(reply);
    await expect(invokeOne()).resolves.toEqual(kept);
    expect(claimChanges()).toEqual(['released']);
  });

  it.each<[string, Reply]>([
    ['500', { status: 500 }],
    ['a reset', (response) => response.destroy()],
    ['an answer that can’t be read', { status: 200, body: '' }],
  ])('keeps its mark when nobody knows, but no lease: %s', async (_, reply) => {
    complyCube.replyWith(reply);
    await expect(invokeOne()).resolves.toEqual(kept);
    const [change] = claimChanges();
    if (typeof change !== 'object') throw new Error('the claim was released');
    expect(Date.parse(change.leaseUntil)).toBeLessThanOrEqual(Date.now());
    expect(change.livePhotoId).toBeUndefined();
  });

  it('is not released after a takeover, whatever failed: the first attempt’s photo may still show', async () => {
    claimStands(-1);
    complyCube.replyWith({ status: 429 });
    await expect(invokeOne()).resolves.toEqual(kept);
    expect(claimChanges()).not.toContain('released');
  });

  it('remembers a live photo that could not be tagged', async () => {
    s3.on(PutObjectTaggingCommand).rejects(s3Failure(500, 'InternalError'));
    await expect(invokeOne()).resolves.toEqual(kept);
    expect(claimChanges()).toEqual([expect.objectContaining({ livePhotoId: '5eb1b5f231778a0008d1c3f6' })]);
  });

  it('is released when the photo could not be read', async () => {
    s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).rejects(s3Failure(503, 'SlowDown'));
    await expect(invokeOne()).resolves.toEqual(kept);
    expect(claimChanges()).toEqual(['released']);
  });

  it('keeps the message and sends nothing when it can’t be made', async () => {
    s3.on(PutObjectCommand).rejects(s3Failure(503, 'SlowDown'));
    await expect(invokeOne()).resolves.toEqual(kept);
    expect(complyCube.requests).toHaveLength(0);
  });

  it('tells an outcome that was copied with the object from one of its own', async () => {
    photoIs(jpeg, { tagCount: 2 });
    s3.on(GetObjectTaggingCommand).resolves({
      TagSet: [
        { Key: 'complycube-status', Value: 'uploaded' },
        { Key: 'complycube-live-photo-id', Value: 'of its source' },
      ],
    });
    await expect(invokeOne(s3Body(s3Record({}, { eventName: 'ObjectCreated:Copy' })))).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([
      { 'complycube-status': 'uploaded', 'complycube-live-photo-id': '5eb1b5f231778a0008d1c3f6' },
    ]);
    expect(claimChanges()).toEqual([expect.objectContaining({ livePhotoId: '5eb1b5f231778a0008d1c3f6' })]);
  });

  const copied = () => {
    photoIs(jpeg, { tagCount: 2 });
    s3.on(GetObjectTaggingCommand).resolves({
      TagSet: [
        { Key: 'complycube-status', Value: 'uploaded' },
        { Key: 'complycube-live-photo-id', Value: 'told by the tags' },
      ],
    });
    return invokeOne(s3Body(s3Record({}, { eventName: 'ObjectCreated:Copy' })), 2);
  };

  it('knows a copy’s own outcome by the live photo that both tags and claim name', async () => {
    claimStands(-1, { livePhotoId: 'told by the tags' });
    await expect(copied()).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(0);
    expect(writtenTags()).toEqual([]);
  });

  it('does not take its source’s outcome for a copy’s own after an attempt that failed', async () => {
    claimStands(60_000);
    await expect(copied()).resolves.toEqual(kept);
    claimStands(-1);
    complyCube.replyWith({ status: 200, body: { pages: 0, items: [] } }, accepted);
    await expect(copied()).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([
      expect.objectContaining({ 'complycube-live-photo-id': '5eb1b5f231778a0008d1c3f6' }),
    ]);
  });

  it('stands in for tags that found no room: the photo is not called rejected later', async () => {
    const TagSet = Array.from({ length: 9 }, (_, at) => ({ Key: `t${at}`, Value: '' }));
    photoIs(jpeg, { tagCount: 9 });
    s3.on(GetObjectTaggingCommand).resolves({ TagSet });
    claimStands(-1, { livePhotoId: 'known' });
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(published()).toEqual([expect.objectContaining({ livePhotoId: 'known' })]);
    expect(complyCube.requests).toHaveLength(0);
  });

  it.each<[string, () => void]>([
    ['the tags can’t be read', () => s3.on(GetObjectTaggingCommand).rejects(s3Failure(503, 'SlowDown'))],
    [
      'what the tags tell can’t be published',
      () => {
        s3.on(GetObjectTaggingCommand).resolves({
          TagSet: [
            { Key: 'complycube-status', Value: 'uploaded' },
            { Key: 'complycube-live-photo-id', Value: 'known' },
          ],
        });
        eventBridge.on(PutEventsCommand).rejects(new Error('down'));
      },
    ],
  ])('is released when %s before anything is sent', async (_, arrange) => {
    photoIs(jpeg, { tagCount: 2 });
    arrange();
    await expect(invokeOne(s3Body(), 2)).resolves.toEqual(kept);
    expect(claimChanges()).toEqual(['released']);
  });
});

describe('a rejection that is taken back', () => {
  const tagsAre = (...tags: [string, string][]) => {
    photoIs(jpeg, { tagCount: tags.length });
    s3.on(GetObjectTaggingCommand).resolves({ TagSet: tags.map(([Key, Value]) => ({ Key, Value })) });
  };
  const retract = (reason: unknown) => invokeOne(s3Body(s3Record({}, { complycubeRetractedRejection: reason })));

  it('lets the photo be uploaded, after a look for a live photo of the earlier attempt', async () => {
    tagsAre(['team', 'kyc'], ['complycube-status', 'rejected'], ['complycube-rejection', 'client-unknown']);
    claimStands(-1);
    complyCube.replyWith({ status: 200, body: { pages: 0, items: [] } }, accepted);
    await expect(retract('client-unknown')).resolves.toEqual(acknowledged);
    expect(complyCube.requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
    expect(writtenTags()).toEqual([
      { team: 'kyc', 'complycube-status': 'uploaded', 'complycube-live-photo-id': '5eb1b5f231778a0008d1c3f6' },
    ]);
  });

  it('waits for the lease of whoever works on the photo', async () => {
    tagsAre(['complycube-status', 'rejected'], ['complycube-rejection', 'client-unknown']);
    claimStands(90_000);
    await expect(retract('client-unknown')).resolves.toEqual(kept);
    expect(complyCube.requests).toHaveLength(0);
  });

  it.each<[string, [string, string][], unknown]>([
    ['uploaded', [['complycube-status', 'uploaded']], 'client-unknown'],
    [
      'uploaded, whatever else its tags say',
      [
        ['complycube-status', 'uploaded'],
        ['complycube-rejection', 'client-unknown'],
      ],
      'client-unknown',
    ],
    [
      'rejected for another reason',
      [
        ['complycube-status', 'rejected'],
        ['complycube-rejection', 'too-small'],
      ],
      'client-unknown',
    ],
    ['rejected, with a reason that is no text', [['complycube-status', 'rejected']], null],
  ])('never touches a photo that is %s', async (_, tags, reason) => {
    tagsAre(...tags);
    claimStands(-1);
    await expect(retract(reason)).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(0);
    expect(writtenTags()).toEqual([]);
  });
});
