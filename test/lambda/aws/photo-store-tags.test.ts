import { GetObjectTaggingCommand, HeadObjectCommand, PutObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { PhotoStore } from '../../../lambda/aws/photo-store';
import { s3Failure, unclearFailures } from '../fixtures/s3-answers';
import { photoLocation } from '../fixtures/events';

const s3 = mockClient(S3Client);
const store = new PhotoStore(new S3Client({ region: 'eu-west-2' }));
const version = { Bucket: 'photos', Key: 'app/photo.jpg', VersionId: 'version-1' };
const { signal } = new AbortController();

beforeEach(() => {
  s3.reset();
  s3.rejects(new Error('unplanned call'));
});

describe('readHeaders', () => {
  const headers = { ContentLength: 3, Metadata: { 'client-id': 'a' }, ETag: `"${photoLocation.eTag}"` };
  const createdAt = new Date('2026-11-23T10:00:00.000Z');

  it('reads the headers of the event’s version', async () => {
    s3.on(HeadObjectCommand, version).resolves({ ...headers, LastModified: createdAt });
    const createdAtMs = createdAt.getTime();
    await expect(store.readHeaders(photoLocation, signal)).resolves.toEqual({
      ...{ bytes: 3, metadata: { 'client-id': 'a' }, createdAtMs },
    });
    expect(s3.call(0).args).toEqual([expect.anything(), { abortSignal: signal }]);
  });

  it('accepts headers without metadata and without a date', async () => {
    s3.on(HeadObjectCommand).resolves({ ...headers, Metadata: undefined });
    await expect(store.readHeaders(photoLocation, signal)).resolves.toEqual({
      ...{ bytes: 3, metadata: {}, createdAtMs: undefined },
    });
  });

  it('reports another ETag', async () => {
    s3.on(HeadObjectCommand).resolves({ ...headers, ETag: '"0cc175b9c0f1b6a831c399e269772661"' });
    await expect(store.readHeaders(photoLocation, signal)).resolves.toBe('other ETag');
  });

  it.each(['ContentLength', 'ETag'])('fails for an answer without %s, which proves nothing', async (name) => {
    s3.on(HeadObjectCommand).resolves({ ...headers, [name]: undefined });
    await expect(store.readHeaders(photoLocation, signal)).rejects.toMatchObject({ code: 's3-failed' });
  });

  it('fails for a missing object, because HEAD has no error code that proves it', async () => {
    const cause = s3Failure(404, 'NotFound');
    s3.on(HeadObjectCommand).rejects(cause);
    const reading = store.readHeaders(photoLocation, signal);
    await expect(reading).rejects.toMatchObject({ code: 's3-failed', cause });
    await expect(reading).rejects.toThrow('HeadObject');
  });
});

describe('readTags', () => {
  it('reads the tags of the event’s version', async () => {
    s3.on(GetObjectTaggingCommand, version).resolves({ TagSet: [{ Key: 'team', Value: 'kyc' }] });
    await expect(store.readTags(photoLocation, signal)).resolves.toEqual(new Map([['team', 'kyc']]));
    expect(s3.call(0).args).toEqual([expect.anything(), { abortSignal: signal }]);
  });

  it.each(unclearFailures)('fails for %s', async (_, cause) => {
    s3.on(GetObjectTaggingCommand).rejects(cause);
    const reading = store.readTags(photoLocation, signal);
    await expect(reading).rejects.toMatchObject({ code: 's3-failed', cause });
    await expect(reading).rejects.toThrow('GetObjectTagging');
  });

  it('fails for an answer without tags', async () => {
    s3.on(GetObjectTaggingCommand).resolves({ TagSet: undefined });
    const reading = store.readTags(photoLocation, signal);
    await expect(reading).rejects.toMatchObject({ code: 's3-failed' });
    await expect(reading).rejects.toThrow('no tag set');
  });

  it('reports that the object is gone', async () => {
    s3.on(GetObjectTaggingCommand).rejects(s3Failure(404, 'NoSuchKey'));
    await expect(store.readTags(photoLocation, signal)).resolves.toBe('gone');
  });
});

describe('writeTags', () => {
  const tags = new Map([['complycube-status', 'uploaded']]);

  it('replaces the tags of the event’s version', async () => {
    s3.on(PutObjectTaggingCommand).resolves({});
    await expect(store.writeTags(photoLocation, tags, signal)).resolves.toBe('written');
    expect(s3.call(0).args).toEqual([
      expect.objectContaining({
        input: { ...version, Tagging: { TagSet: [{ Key: 'complycube-status', Value: 'uploaded' }] } },
      }),
      { abortSignal: signal },
    ]);
  });

  it('repeats the request while another operation on the object is in progress', async () => {
    s3.on(PutObjectTaggingCommand).rejectsOnce(s3Failure(409, 'OperationAborted')).resolves({});
    await expect(store.writeTags(photoLocation, tags, signal)).resolves.toBe('written');
  });

  it('fails when the object stays busy for four requests', async () => {
    s3.on(PutObjectTaggingCommand).rejects(s3Failure(409, 'OperationAborted'));
    await expect(store.writeTags(photoLocation, tags, signal)).rejects.toMatchObject({ code: 's3-failed' });
    expect(s3.calls()).toHaveLength(4);
  });

  it.each(unclearFailures)('fails for %s, after one request', async (_, cause) => {
    s3.on(PutObjectTaggingCommand).rejects(cause);
    const writing = store.writeTags(photoLocation, tags, signal);
    await expect(writing).rejects.toMatchObject({ code: 's3-failed', cause });
    await expect(writing).rejects.toThrow('PutObjectTagging');
    expect(s3.calls()).toHaveLength(1);
  });

  it('reports that the object is gone', async () => {
    s3.on(PutObjectTaggingCommand).rejects(s3Failure(404, 'NoSuchVersion'));
    await expect(store.writeTags(photoLocation, tags, signal)).resolves.toBe('gone');
  });
});
