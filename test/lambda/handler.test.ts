import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import { Readable } from 'node:stream';
import { cutOff, flipByteInPngChunk } from 'sample-photos/damage';
import { makeJpeg } from 'sample-photos/jpeg';
import { makeNotAPhoto } from 'sample-photos/not-a-photo';
import { eventBridgeBody, lambdaContext, photoLocation, s3Body, s3Record, testEventBody } from './fixtures/events';
import {
  acknowledged,
  accepted,
  claim,
  clientId,
  complyCube,
  invokeOne,
  jpeg,
  livePhotoId,
  logLines,
  metadata,
  othersTags,
  photoIs,
  photoLines,
  png,
  published,
  retried,
  s3,
  secretsManager,
  tagsAre,
  writtenTags,
} from './fixtures/handler-fixture';
import { s3Failure, s3Photo } from './fixtures/s3-answers';
import type { Reply } from './fixtures/scripted-server';

/** So large that it is sent while it arrives. */
const large = makeJpeg({ bytes: 400_000, seed: 2 });
const uploadedTags = { 'complycube-status': 'uploaded', 'complycube-live-photo-id': livePhotoId };

describe('a photo', () => {
  it('is uploaded and tagged with the live photo’s ID, and its message is acknowledged', async () => {
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(1);
    expect(JSON.parse(String(complyCube.requests[0]?.body))).toEqual({ clientId, data: jpeg.toString('base64') });
    expect(writtenTags()).toEqual([uploadedTags]);
  });

  it('is uploaded with its liveness flag', async () => {
    photoIs(png, { metadata: { ...metadata, 'perform-liveness-check': 'false' } });
    await invokeOne();
    expect(JSON.parse(String(complyCube.requests[0]?.body))).toMatchObject({ performLivenessCheck: false });
  });

  it('is uploaded completely if it is so large that the upload starts before it has arrived', async () => {
    photoIs(large);
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    const { data } = JSON.parse(String(complyCube.requests[0]?.body)) as { data: string };
    expect(Buffer.from(data, 'base64').equals(large)).toBe(true);
  });

  it('is retried if its body breaks during the upload, and its claim is deleted because nothing was sent completely', async () => {
    const body = Readable.from(
      (function* () {
        yield large.subarray(0, 300_000);
        throw new Error('read ECONNRESET');
      })(),
    );
    photoIs(large, { body });
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(complyCube.requests).toHaveLength(0);
    expect(claim()).toBeUndefined();
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 's3-failed' })]);
  });

  it('requires one GET, one PUT of its claim, one read and one write of its tags, and no HEAD', async () => {
    await invokeOne();
    expect(s3.commandCalls(HeadObjectCommand)).toHaveLength(0);
    expect(s3.commandCalls(GetObjectCommand)).toHaveLength(1);
    expect(s3.commandCalls(GetObjectTaggingCommand)).toHaveLength(1);
    expect(s3.commandCalls(PutObjectTaggingCommand)).toHaveLength(1);
  });

  it('keeps tags of others, even if they were written during the upload', async () => {
    photoIs(jpeg, { tagCount: 1 });
    s3.on(GetObjectTaggingCommand)
      .resolvesOnce({ TagSet: [{ Key: 'team', Value: 'before' }] })
      .resolves({
        TagSet: [
          { Key: 'team', Value: 'after' },
          { Key: 'new', Value: '1' },
        ],
      });
    await invokeOne();
    expect(writtenTags()).toEqual([{ team: 'after', new: '1', ...uploadedTags }]);
  });

  it.each([
    ['before the upload', 1],
    ['after the upload', 0],
  ])('is retried, and no tag is written, if its tags can’t be read %s', async (_, tagCount) => {
    photoIs(jpeg, { tagCount });
    s3.on(GetObjectTaggingCommand).rejects(s3Failure(500, 'InternalError'));
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(complyCube.requests).toHaveLength(1 - tagCount);
    expect(writtenTags()).toEqual([]);
  });

  it('is acknowledged if it was deleted between its upload and the read of its tags', async () => {
    s3.on(GetObjectTaggingCommand).rejects(s3Failure(404, 'NoSuchKey'));
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([]);
    expect(photoLines()).toEqual([expect.objectContaining({ isTagged: false, status: 'uploaded' })]);
  });
});

describe('a rejected photo is tagged and acknowledged, and nothing is sent', () => {
  it.each([
    ['a photo below 34,000 bytes', jpeg.subarray(0, 33_999), {}, 'too-small'],
    ['an empty object whose key is no folder', Buffer.alloc(0), {}, 'too-small'],
    ['a photo above 4,194,304 bytes', jpeg, { contentLength: 4_194_305 }, 'too-large'],
    ['a photo without a client ID', jpeg, { metadata: {} }, 'client-id-missing'],
    ['a photo with a malformed client ID', jpeg, { metadata: { 'client-id': 'a b' } }, 'client-id-malformed'],
    [
      'a photo with a malformed flag',
      jpeg,
      { metadata: { ...metadata, 'perform-liveness-check': 'yes' } },
      'liveness-flag-malformed',
    ],
    ['a HEIC named .jpg', makeNotAPhoto('heic', 40_000), {}, 'not-jpeg-or-png'],
    ['a JPEG that is cut off', cutOff(jpeg, 39_000), {}, 'image-damaged'],
    ['a large JPEG that is cut off', cutOff(large, 390_000), {}, 'image-damaged'],
    ['a PNG that is damaged', flipByteInPngChunk(png), {}, 'image-damaged'],
  ])('%s', async (_, bytes, options, reason) => {
    photoIs(bytes, { metadata, ...options });
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([{ 'complycube-status': 'rejected', 'complycube-rejection': reason }]);
    expect(complyCube.requests).toHaveLength(0);
  });

  it('and its claim is deleted, so that a retracted rejection needs no wait and no search', async () => {
    photoIs(jpeg, { metadata: {} });
    await invokeOne();
    expect(claim()).toBeUndefined();
  });

  it('even if its claim can’t be deleted', async () => {
    photoIs(jpeg, { metadata: {} });
    s3.on(DeleteObjectCommand).rejects(s3Failure(503, 'SlowDown'));
    await expect(invokeOne()).resolves.toEqual(acknowledged);
  });

  it.each([
    ['a size outside the bounds', { contentLength: 4_194_305 }],
    ['no client ID', { metadata: {} }],
  ])('without reading a body whose headers show %s', async (_, options) => {
    const photo = s3Photo(jpeg, { metadata, ...options });
    s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).resolves(photo);
    await invokeOne();
    expect(photo.Body.readableDidRead).toBe(false);
    expect(photo.Body.destroyed).toBe(true);
  });

  it('but no tag is written if the object has too many tags', async () => {
    tagsAre(othersTags(9));
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(0);
    expect(writtenTags()).toEqual([]);
    expect(published()).toEqual([
      expect.objectContaining({
        reason: 'tag-limit-reached',
        detail: 'The object has 9 of 10 tags: no room for the outcome',
      }),
    ]);
  });
});

describe('ComplyCube’s answer', () => {
  it.each<[string, Reply, string]>([
    [
      ...(['400 for data', { status: 400, body: { message: 'too big (5 MB)', param: 'data' } }] as const),
      'ComplyCube answered 400 for data: too big =285 MB=29',
    ],
    [
      ...(['400 for clientId', { status: 400, body: { message: 'must be text', param: 'clientId' } }] as const),
      'ComplyCube answered 400 for clientId: must be text',
    ],
    ['413', { status: 413, body: '<html></html>' }, 'ComplyCube answered 413'],
    ['422', { status: 422, body: { message: 'More than one face' } }, 'ComplyCube answered 422: More than one face'],
  ])('%s rejects the photo immediately, and the tags contain it', async (_, reply, message) => {
    complyCube.replyWith(reply);
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([
      {
        'complycube-status': 'rejected',
        'complycube-rejection': 'refused-by-complycube',
        'complycube-message': message,
      },
    ]);
    expect(claim()).toBeUndefined();
  });

  it.each<[string, Reply, string]>([
    ['402', { status: 402 }, 'account-fault'],
    ['404 that names the client', { status: 404, body: { message: 'Invalid client id' } }, 'client-unknown'],
    ['409', { status: 409 }, 'refused'],
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '17' } }, 'rate-limited'],
    ['408', { status: 408 }, 'outcome-unknown'],
    ['500', { status: 500 }, 'outcome-unknown'],
    ['502 with HTML', { status: 502, body: '<html></html>' }, 'outcome-unknown'],
    ['a redirect', { status: 302, headers: { location: 'https://127.0.0.1/' } }, 'outcome-unknown'],
    ['an answer that can’t be read', { status: 200, body: '<html></html>' }, 'outcome-unknown'],
    ['a reset', (response) => response.destroy(), 'outcome-unknown'],
  ])('%s leads to a retry after one call, without tags, and the log shows the code', async (_, reply, errorCode) => {
    complyCube.replyWith(reply);
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(complyCube.requests).toHaveLength(1);
    expect(writtenTags()).toEqual([]);
    expect(published()).toEqual([]);
    expect(photoLines()).toEqual([
      expect.objectContaining({ level: 'WARN', message: 'photo object is retried', errorCode }),
    ]);
  });

  it('401 makes the function read the secret again, and upload with the new key', async () => {
    await invokeOne(s3Body(s3Record({ key: 'another' })));
    secretsManager.on(GetSecretValueCommand).resolves({ SecretString: 'test_rotated' });
    complyCube.replyWith({ status: 401 }, accepted);
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(complyCube.requests.map(({ headers }) => headers.authorization)).toEqual([
      'test_abc',
      'test_abc',
      'test_rotated',
    ]);
  });

  it.each<[string, () => void, string]>([
    [
      'Secrets Manager fails',
      () => secretsManager.on(GetSecretValueCommand).rejects(new Error('throttled')),
      'secrets-manager-failed',
    ],
    [
      'the secret no longer contains a key',
      () => secretsManager.on(GetSecretValueCommand).resolves({ SecretString: '' }),
      'api-key-missing',
    ],
  ])('401 leads to a retry when %s', async (_, arrange, errorCode) => {
    complyCube.replyWith({ status: 401 });
    arrange();
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(writtenTags()).toEqual([]);
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode })]);
  });

  it.each([
    ['is gone', s3Failure(404, 'NoSuchVersion')],
    ['can’t be read', s3Failure(503, 'SlowDown')],
  ])('401 leads to a retry without a claim when the photo %s before it is sent with the new key', async (_, error) => {
    const answers = [() => s3Photo(jpeg, { metadata })];
    s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).callsFake(() => {
      const answer = answers.pop();
      if (answer === undefined) throw error;
      return answer();
    });
    complyCube.replyWith({ status: 401 });
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(complyCube.requests).toHaveLength(1);
    expect(claim()).toBeUndefined();
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 's3-failed' })]);
  });
});

describe('an event is skipped: acknowledged, nothing sent, nothing tagged, its claim deleted', () => {
  const nothingDone = () => {
    expect(complyCube.requests).toHaveLength(0);
    expect(writtenTags()).toEqual([]);
    expect(published()).toEqual([]);
    expect(s3.commandCalls(DeleteObjectCommand)).toHaveLength(1);
  };

  it.each([
    ['the object is gone', s3Failure(404, 'NoSuchKey')],
    ['the version is gone', s3Failure(404, 'NoSuchVersion')],
    ['the version is a delete marker', s3Failure(405, 'MethodNotAllowed')],
  ])('when %s', async (_, error) => {
    s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).rejects(error);
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    nothingDone();
    expect(photoLines()).toEqual([expect.objectContaining({ status: 'skipped', because: 'gone', PhotosGone: 1 })]);
  });

  it('when the object was deleted before its tags were read', async () => {
    photoIs(jpeg, { tagCount: 1 });
    s3.on(GetObjectTaggingCommand).rejects(s3Failure(404, 'NoSuchKey'));
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    nothingDone();
    expect(photoLines()).toEqual([expect.objectContaining({ because: 'gone', PhotosGone: 1 })]);
  });

  it.each([
    ['without versions', undefined],
    ['with suspended versioning', 'null'],
  ])('when the object was overwritten, in a bucket %s', async (_, versionId) => {
    s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).rejects(s3Failure(412, 'PreconditionFailed'));
    await expect(invokeOne(s3Body(s3Record({ versionId })))).resolves.toEqual(acknowledged);
    nothingDone();
    expect(photoLines()).toEqual([expect.objectContaining({ status: 'skipped', because: 'overwritten' })]);
  });

  it('when the object is a folder marker of the S3 console, and counts in no metric of photos', async () => {
    photoIs(Buffer.alloc(0), { metadata: {} });
    await expect(invokeOne(s3Body(s3Record({ key: 'photos/', size: 0 })))).resolves.toEqual(acknowledged);
    nothingDone();
    expect(photoLines()).toEqual([expect.objectContaining({ status: 'skipped', because: 'folder-marker' })]);
    for (const name of ['PhotosRejected', 'PhotosGone', 'DuplicatesSkipped']) {
      expect(photoLines()[0]).not.toHaveProperty(name);
    }
  });

  it.each([
    ['that would be uploaded', jpeg, metadata, 'skip'],
    ['that would be rejected', Buffer.alloc(10), {}, 'skip'],
    ['in any case', jpeg, metadata, 'SKIP'],
    ['with spaces', jpeg, metadata, ' Skip '],
  ])('when the app marks an object %s', async (_, bytes, more, mark) => {
    photoIs(bytes, { metadata: { ...more, 'live-photo': mark } });
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    nothingDone();
    expect(photoLines()).toEqual([
      expect.objectContaining({ status: 'skipped', because: 'marked', PhotosMarkedToSkip: 1 }),
    ]);
    expect(photoLines()[0]).not.toHaveProperty('PhotosGone');
  });

  it('only when the mark has the documented value', async () => {
    photoIs(jpeg, { metadata: { ...metadata, 'live-photo': 'yes' } });
    await invokeOne();
    expect(photoLines()).toEqual([expect.objectContaining({ status: 'uploaded' })]);
  });

  it.each([
    ['S3’s test event', testEventBody],
    ['a removal', s3Body(s3Record({}, { eventName: 'ObjectRemoved:Delete' }))],
    ['EventBridge’s removal', eventBridgeBody({}, { 'detail-type': 'Object Deleted' })],
  ])('when it is %s', async (_, body) => {
    await expect(invokeOne(body)).resolves.toEqual(acknowledged);
    expect(s3.calls()).toHaveLength(0);
    expect(logLines.join('')).toContain('nothing to do');
  });
});

describe('the tags of an object', () => {
  it.each([
    ['uploaded', { 'complycube-status': 'uploaded', 'complycube-live-photo-id': 'abc' }],
    ['rejected', { 'complycube-status': 'rejected', 'complycube-rejection': 'too-small' }],
  ])('skip a redelivery if the photo is %s', async (_, tags) => {
    tagsAre(tags);
    await expect(invokeOne(s3Body(), 2)).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(0);
    expect(writtenTags()).toEqual([]);
    expect(claim()).toBeUndefined();
    expect(photoLines()).toEqual([expect.objectContaining({ because: 'duplicate', DuplicatesSkipped: 1 })]);
  });

  it.each([
    ['what ComplyCube answered', { 'complycube-message': 'No face=2C it said' }, 'No face, it said'],
    ['where it is, if the tags do not contain it', {}, 'The details are in the log'],
  ])('publish a refusal again with its detail: %s', async (_, message, detail) => {
    tagsAre({ 'complycube-status': 'rejected', 'complycube-rejection': 'refused-by-complycube', ...message });
    await expect(invokeOne(s3Body(), 2)).resolves.toEqual(acknowledged);
    expect(published()).toEqual([expect.objectContaining({ reason: 'refused-by-complycube', detail })]);
  });

  it.each([
    ['uploaded, without an ID', { 'complycube-status': 'uploaded' }],
    ['rejected, for an unknown reason', { 'complycube-status': 'rejected', 'complycube-rejection': 'whatever' }],
  ])('are no outcome if they are incomplete: %s', async (_, tags) => {
    tagsAre({ team: 'kyc', ...tags });
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(1);
    expect(writtenTags()).toEqual([{ team: 'kyc', ...uploadedTags }]);
    expect(published()).toEqual([expect.objectContaining({ livePhotoId })]);
  });
});

describe('S3’s failure', () => {
  const s3Failures: [string, Error, string][] = [
    ['503', s3Failure(503, 'SlowDown'), 's3-failed'],
    ['an archived object', s3Failure(403, 'InvalidObjectState'), 'object-archived'],
    ['403, as for a former KMS key', s3Failure(403, 'AccessDenied'), 's3-failed'],
    ['400, as for a disabled KMS key', s3Failure(400, 'KMS.DisabledException'), 's3-failed'],
    ['another ETag of the same version', s3Failure(412, 'PreconditionFailed'), 's3-failed'],
  ];

  it.each(s3Failures)('at the GET leads to a retry, and the claim is deleted: %s', async (_, error, errorCode) => {
    s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).rejects(error);
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(complyCube.requests).toHaveLength(0);
    expect(claim()).toBeUndefined();
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode })]);
  });

  it.each(s3Failures.filter(([, , code]) => code === 's3-failed'))(
    'at the tag write leads to a retry that knows the live photo: %s',
    async (_, error) => {
      s3.on(PutObjectTaggingCommand).rejects(error);
      await expect(invokeOne()).resolves.toEqual(retried);
      expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 's3-failed' })]);

      s3.on(PutObjectTaggingCommand).resolves({});
      await expect(invokeOne(s3Body(), 2)).resolves.toEqual(acknowledged);
      expect(writtenTags().at(-1)).toEqual(uploadedTags);
      expect(complyCube.requests).toHaveLength(1);
    },
  );
});

describe('an inquiry', () => {
  it('is answered by the function, because only the function may read the API key', async () => {
    complyCube.replyWith({ status: 200, body: { pages: 0, items: [] } });
    const { handler } = await import('../../lambda/handler');
    const inquiry = { inquiry: 'account' } as unknown as SQSEvent;
    await expect(handler(inquiry, lambdaContext())).resolves.toEqual({ answer: 'accepted' });
    expect(complyCube.requests.map(({ method }) => method)).toEqual(['GET']);
    expect(complyCube.requests[0]?.headers.authorization).toMatch(/^test_/);
  });
});
