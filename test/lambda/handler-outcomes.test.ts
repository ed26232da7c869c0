import { GetObjectTaggingCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from '@jest/globals';
import { photoLocation, s3Body } from './events';
import {
  acknowledged,
  claimChanges,
  clientId,
  complyCube,
  eventBridge,
  invokeOne,
  jpeg,
  kept,
  logLines,
  photoIs,
  published,
  s3,
  writtenTags,
} from './handler-fixture';
import { s3Failure } from './s3-answers';
import type { Reply } from './scripted-server';

describe('events', () => {
  const object = {
    bucket: photoLocation.bucket,
    key: photoLocation.key,
    versionId: photoLocation.versionId,
    eTag: photoLocation.eTag,
    clientId,
  };

  it('publish that a photo was uploaded', async () => {
    await invokeOne();
    expect(published()).toEqual([{ type: 'Live Photo Uploaded', ...object, livePhotoId: '5eb1b5f231778a0008d1c3f6' }]);
  });

  it('publish why a photo was rejected', async () => {
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

  it('publish a rejection that no tag had room for', async () => {
    photoIs(jpeg, { tagCount: 9 });
    s3.on(GetObjectTaggingCommand).resolves({
      TagSet: Array.from({ length: 9 }, (_, at) => ({ Key: `t${at}`, Value: '' })),
    });
    await invokeOne();
    expect(published()).toEqual([
      expect.objectContaining({ type: 'Live Photo Rejected', reason: 'tag-limit-reached' }),
    ]);
  });

  it('name no client where the app wrote a malformed ID', async () => {
    photoIs(jpeg, { metadata: { 'client-id': 'not an ID' } });
    await invokeOne();
    expect(published()).toEqual([expect.not.objectContaining({ clientId: expect.anything() as unknown })]);
  });

  it.each<[string, () => void]>([
    [
      'its tags were filled meanwhile',
      () =>
        s3
          .on(GetObjectTaggingCommand)
          .resolves({ TagSet: Array.from({ length: 9 }, (_, at) => ({ Key: `t${at}`, Value: '' })) }),
    ],
    ['it was deleted meanwhile', () => s3.on(PutObjectTaggingCommand).rejects(s3Failure(404, 'NoSuchVersion'))],
  ])('publish that a photo was uploaded but not tagged when %s', async (_, arrange) => {
    arrange();
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(published().at(-1)).toMatchObject({
      type: 'Live Photo Uploaded But Not Tagged',
      livePhotoId: expect.any(String) as unknown,
    });
  });

  it.each<[string, () => void]>([
    ['fails', () => eventBridge.on(PutEventsCommand).rejects(new Error('throttled'))],
    [
      'does not take an entry',
      () =>
        eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] }),
    ],
  ])('keep the message when EventBridge %s, and publish at its redelivery', async (_, arrange) => {
    arrange();
    await expect(invokeOne()).resolves.toEqual(kept);
    expect(claimChanges()).toEqual([expect.objectContaining({ livePhotoId: '5eb1b5f231778a0008d1c3f6' })]);

    eventBridge.reset();
    eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
    photoIs(jpeg, { tagCount: 2 });
    s3.on(GetObjectTaggingCommand).resolves({
      TagSet: Object.entries(writtenTags()[0] ?? {}).map(([Key, Value]) => ({ Key, Value })),
    });
    await expect(invokeOne(s3Body(), 2)).resolves.toEqual(acknowledged);
    expect(published()).toEqual([{ type: 'Live Photo Uploaded', ...object, livePhotoId: '5eb1b5f231778a0008d1c3f6' }]);
    expect(complyCube.requests).toHaveLength(1);
  });

  it('are published for a photo that is done already, whose message may come from the dead-letter queue', async () => {
    photoIs(jpeg, { tagCount: 2 });
    s3.on(GetObjectTaggingCommand).resolves({
      TagSet: [
        { Key: 'complycube-status', Value: 'uploaded' },
        { Key: 'complycube-live-photo-id', Value: 'live-photo-1' },
      ],
    });
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(published()).toEqual([{ type: 'Live Photo Uploaded', ...object, livePhotoId: 'live-photo-1' }]);
    expect(complyCube.requests).toHaveLength(0);
  });
});

describe('metrics', () => {
  const metricsLogged = () =>
    logLines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => '_aws' in line && 'key' in line);

  it('stand in the photo’s one log line', async () => {
    await invokeOne(s3Body(), 2);
    expect(metricsLogged()).toEqual([
      expect.objectContaining({
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
    ['an answer that can’t be read', { status: 200, body: '' }, { ApiCallsUnanswered: 1, PhotosRetried: 1 }],
  ])('count %s', async (_, reply, counts) => {
    complyCube.replyWith(reply);
    await invokeOne();
    expect(metricsLogged()).toEqual([expect.objectContaining(counts)]);
  });
});
