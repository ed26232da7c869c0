import { GetObjectCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, it, jest } from '@jest/globals';
import { photoLocation, s3Body } from './fixtures/events';
import { fakeTime } from './fixtures/fake-time';
import {
  acknowledged,
  claim,
  claimExists,
  clientId,
  complyCube,
  eventBridge,
  invokeOne,
  jpeg,
  livePhotoId,
  othersTags,
  retried,
  photoIs,
  photoLines,
  published,
  s3,
  tagsAre,
  writtenTags,
} from './fixtures/handler-fixture';
import { s3Failure } from './fixtures/s3-answers';
import type { Reply } from './fixtures/scripted-server';

describe('an event', () => {
  const object = {
    bucket: photoLocation.bucket,
    key: photoLocation.key,
    versionId: photoLocation.versionId,
    eTag: photoLocation.eTag,
    clientId,
  };

  it('says that a photo was uploaded', async () => {
    await invokeOne();
    expect(published()).toEqual([{ type: 'Live Photo Uploaded', ...object, livePhotoId }]);
  });

  it('says why a photo was rejected', async () => {
    photoIs(jpeg.subarray(0, 100));
    await invokeOne();
    expect(published()).toEqual([
      {
        type: 'Live Photo Rejected',
        ...object,
        reason: 'too-small',
        detail: expect.stringContaining('100 bytes') as unknown,
      },
    ]);
  });

  it('contains no client ID if the app wrote a malformed one', async () => {
    photoIs(jpeg, { metadata: { 'client-id': 'not an ID' } });
    await invokeOne();
    expect(published()).toEqual([expect.not.objectContaining({ clientId: expect.anything() as unknown })]);
  });

  const untaggable: readonly [string, () => void][] = [
    ['others used up its tags in the meantime', () => tagsAre(othersTags(9), { tagCount: 0 })],
    ['it was deleted in the meantime', () => s3.on(PutObjectTaggingCommand).rejects(s3Failure(404, 'NoSuchVersion'))],
  ];

  it.each(untaggable)('says that a photo was uploaded but not tagged if %s', async (_, arrange) => {
    arrange();
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(photoLines()).toEqual([
      expect.objectContaining({ level: 'ERROR', message: 'photo object could not be tagged', isTagged: false }),
    ]);
    expect(published().at(-1)).toMatchObject({
      type: 'Live Photo Uploaded But Not Tagged',
      livePhotoId: expect.any(String) as unknown,
    });
  });

  it.each(untaggable)(
    'is not needed to find the live photo later, because the claim names it, if %s',
    async (_, arrange) => {
      arrange();
      await invokeOne();
      expect(claim()).toMatchObject({ livePhotoId });
      expect(Date.parse(claim()?.leaseUntil ?? '')).toBeLessThan(Date.now());
    },
  );

  it.each<[string, () => void]>([
    ['fails', () => eventBridge.on(PutEventsCommand).rejects(new Error('throttled'))],
    [
      'does not accept an entry',
      () =>
        eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] }),
    ],
  ])('is published at the redelivery if EventBridge %s', async (_, arrange) => {
    arrange();
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(claim()).toMatchObject({ livePhotoId });
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 'eventbridge-failed' })]);

    eventBridge.reset();
    eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
    tagsAre(writtenTags()[0] as Record<string, string>);
    await expect(invokeOne(s3Body(), 2)).resolves.toEqual(acknowledged);
    expect(published()).toEqual([{ type: 'Live Photo Uploaded', ...object, livePhotoId }]);
    expect(complyCube.requests).toHaveLength(1);
  });

  it('is published again for a photo with an outcome, because its message may come from the dead-letter queue', async () => {
    tagsAre({ 'complycube-status': 'uploaded', 'complycube-live-photo-id': 'live-photo-1' });
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(published()).toEqual([{ type: 'Live Photo Uploaded', ...object, livePhotoId: 'live-photo-1' }]);
    expect(complyCube.requests).toHaveLength(0);
  });
});

describe('metrics', () => {
  const metricsLogged = () => photoLines().filter((line) => '_aws' in line);

  it('are in the photo’s one log line', async () => {
    await invokeOne(s3Body(), 2);
    expect(metricsLogged()).toEqual([
      expect.objectContaining({
        level: 'INFO',
        FunctionName: 'upload',
        PhotosUploaded: 1,
        PhotosRejected: 0,
        Redeliveries: 1,
        ApiCalls2xx: 1,
        ApiLatency: [expect.any(Number)],
        PhotoBytes: jpeg.length,
        TimeToTag: expect.any(Number) as unknown,
        EventAge: expect.any(Number) as unknown,
      }),
    ]);
  });

  it('measure the times since the event and since the start', async () => {
    fakeTime(Date.parse(photoLocation.eventTime) + 10_000);
    complyCube.replyWith((response) => {
      jest.setSystemTime(Date.now() + 3_000);
      response.end(JSON.stringify({ id: livePhotoId }));
    });
    await invokeOne();
    expect(metricsLogged()).toEqual([expect.objectContaining({ EventAge: 10_000, TimeToTag: 13_000, tookMs: 3_000 })]);
  });

  it('count a rejection by its reason too', async () => {
    photoIs(jpeg.subarray(0, 100));
    await invokeOne();
    expect(metricsLogged()).toEqual([
      expect.objectContaining({ PhotosUploaded: 0, PhotosRejected: 1, Reason: 'too-small' }),
    ]);
    const [{ _aws }] = metricsLogged() as [
      { _aws: { CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[] } },
    ];
    expect(
      _aws.CloudWatchMetrics.map(({ Dimensions, Metrics }) => [Dimensions, Metrics.map(({ Name }) => Name)]),
    ).toEqual([
      [[['FunctionName']], ['PhotosUploaded', 'PhotosRejected', 'TimeToTag', 'EventAge']],
      [[['FunctionName', 'Reason']], ['PhotosRejected']],
    ]);
  });

  it.each<[string, Reply, Record<string, number>]>([
    ['429', { status: 429 }, { ApiCalls4xx: 1, RateLimited: 1, PhotosRetried: 1 }],
    ['402', { status: 402 }, { ApiCalls4xx: 1, AccountFaults: 1, PhotosRetried: 1 }],
    ['500', { status: 500 }, { ApiCalls5xx: 1, PhotosRetried: 1 }],
    ['a redirect', { status: 302 }, { ApiCallsUnanswered: 1, PhotosRetried: 1 }],
    ['a reset', (response) => response.destroy(), { ApiCallsUnanswered: 1, PhotosRetried: 1 }],
    ['a refusal of this photo', { status: 409 }, { ApiCalls4xx: 1, PhotosRefused: 1, PhotosRetried: 1 }],
    ['an answer that can’t be read', { status: 200, body: '' }, { ApiCallsUnanswered: 1, PhotosRetried: 1 }],
  ])('count %s', async (_, reply, counts) => {
    complyCube.replyWith(reply);
    await invokeOne();
    expect(metricsLogged()).toEqual([expect.objectContaining(counts)]);
  });

  it('have at most 100 values each, because CloudWatch drops a metric with more', async () => {
    claimExists(-1);
    const pages = 120;
    complyCube.replyWith((response) => {
      const isUpload = response.req.method === 'POST';
      const items = [{ id: 'of-another-size', size: 1, createdAt: new Date().toISOString() }];
      response.end(JSON.stringify(isUpload ? { id: livePhotoId } : { pages, items }));
    });
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(pages + 1);
    const [line] = metricsLogged();
    expect(line?.['ApiLatency']).toHaveLength(100);
    expect(line).toMatchObject({ ApiCalls2xx: pages + 1 });
  });

  it.each<[string, () => void, Record<string, number>]>([
    [
      'a photo that is gone',
      () => s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).rejects(s3Failure(404, 'NoSuchKey')),
      { PhotosGone: 1 },
    ],
    [
      'a duplicate',
      () => tagsAre({ 'complycube-status': 'uploaded', 'complycube-live-photo-id': 'abc' }),
      { DuplicatesSkipped: 1 },
    ],
    [
      'an outcome that does not fit into the object’s tags',
      () => tagsAre(othersTags(9)),
      { OutcomesUntagged: 1, PhotosRejected: 1 },
    ],
  ])('count %s', async (_, arrange, counts) => {
    arrange();
    await invokeOne();
    expect(metricsLogged()).toEqual([expect.objectContaining(counts)]);
  });
});

describe('the tags of others', () => {
  it.each<[string, Buffer, Record<string, string>]>([
    ['header', jpeg, {}],
    ['bytes', Buffer.alloc(40_000), { 'client-id': clientId }],
  ])('are preserved if they were written while a photo was rejected for its %s', async (_, bytes, metadata) => {
    tagsAre({ scan: 'clean' });
    photoIs(bytes, { metadata, tagCount: 0 });
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([expect.objectContaining({ scan: 'clean', 'complycube-status': 'rejected' })]);
  });
});
