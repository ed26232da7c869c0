import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, jest } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import { cutOff, flipByteInPngChunk } from '../../local/sample-photos/damage';
import { makeNotAPhoto } from '../../local/sample-photos/not-a-photo';
import { eventBridgeBody, lambdaContext, photoLocation, s3Body, s3Record, testEventBody } from './events';
import {
  acknowledged,
  accepted,
  claimChanges,
  clientId,
  complyCube,
  invokeOne,
  jpeg,
  kept,
  logLines,
  metadata,
  photoIs,
  png,
  s3,
  secretsManager,
  waits,
  writtenTags,
} from './handler-fixture';
import { s3Failure, s3Photo } from './s3-answers';
import type { Reply } from './scripted-server';

describe('the way of a photo', () => {
  it('uploads it, tags it with the live photo’s ID and acknowledges the message', async () => {
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(1);
    expect(JSON.parse(String(complyCube.requests[0]?.body))).toEqual({ clientId, data: jpeg.toString('base64') });
    expect(writtenTags()).toEqual([
      { 'complycube-status': 'uploaded', 'complycube-live-photo-id': '5eb1b5f231778a0008d1c3f6' },
    ]);
  });

  it('passes the liveness flag on', async () => {
    photoIs(png, { metadata: { ...metadata, 'perform-liveness-check': 'false' } });
    await invokeOne();
    expect(JSON.parse(String(complyCube.requests[0]?.body))).toMatchObject({ performLivenessCheck: false });
  });

  it('takes three calls one after another and no HEAD', async () => {
    await invokeOne();
    expect(s3.commandCalls(HeadObjectCommand)).toHaveLength(0);
    expect(s3.commandCalls(PutObjectCommand)).toHaveLength(1);
    expect(s3.commandCalls(GetObjectCommand)).toHaveLength(1);
    expect(s3.commandCalls(PutObjectTaggingCommand)).toHaveLength(1);
  });

  it('takes EventBridge’s events as well', async () => {
    await expect(invokeOne(eventBridgeBody({ key: 'a+b %.jpg' }))).resolves.toEqual(acknowledged);
    expect(s3.commandCalls(GetObjectCommand)[0]?.args[0].input.Key).toBe('a+b %.jpg');
  });

  it('keeps the tags of others, as they stand when the outcome is written', async () => {
    photoIs(jpeg, { metadata, tagCount: 1 });
    s3.on(GetObjectTaggingCommand)
      .resolvesOnce({ TagSet: [{ Key: 'team', Value: 'before' }] })
      .resolves({
        TagSet: [
          { Key: 'team', Value: 'after' },
          { Key: 'new', Value: '1' },
        ],
      });
    await invokeOne();
    expect(writtenTags()).toEqual([
      expect.objectContaining({ team: 'after', new: '1', 'complycube-status': 'uploaded' }),
    ]);
  });

  it('keeps the tags of others when reading them failed at first', async () => {
    s3.on(GetObjectTaggingCommand)
      .rejectsOnce(s3Failure(500, 'InternalError'))
      .resolves({ TagSet: [{ Key: 'team', Value: 'kyc' }] });
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([expect.objectContaining({ team: 'kyc' })]);
  });

  it('writes no tags, and keeps the message, when the standing ones can’t be read', async () => {
    s3.on(GetObjectTaggingCommand).rejects(s3Failure(500, 'InternalError'));
    await expect(invokeOne()).resolves.toEqual(kept);
    expect(writtenTags()).toEqual([]);
  });

  it('acknowledges a photo that was deleted during its upload, and says so', async () => {
    s3.on(PutObjectTaggingCommand).rejects(s3Failure(404, 'NoSuchVersion'));
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(logLines.join('')).toContain('could not be tagged');
  });

  it('acknowledges a photo whose tags were filled during its upload, and says so', async () => {
    const TagSet = Array.from({ length: 9 }, (_, at) => ({ Key: `tag-${at}`, Value: '' }));
    s3.on(GetObjectTaggingCommand).resolves({ TagSet });
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([]);
    expect(logLines.join('')).toContain('could not be tagged');
  });
});

describe('rejections: the photo is tagged, the message acknowledged, nothing is sent', () => {
  it.each([
    ['a photo below 34,000 bytes', jpeg.subarray(0, 33_999), {}, 'too-small'],
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
    ['a PNG that is damaged', flipByteInPngChunk(png), {}, 'image-damaged'],
  ])('rejects %s', async (_, bytes, options, reason) => {
    photoIs(bytes, { metadata, ...options });
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([{ 'complycube-status': 'rejected', 'complycube-rejection': reason }]);
    expect(complyCube.requests).toHaveLength(0);
  });

  it('gives the claim back: whoever takes the rejection back neither waits nor looks for a live photo', async () => {
    photoIs(jpeg, { metadata: {} });
    await invokeOne();
    expect(claimChanges()).toEqual(['released']);
  });

  it('stand, whatever becomes of the claim', async () => {
    photoIs(jpeg, { metadata: {} });
    s3.on(DeleteObjectCommand).rejects(s3Failure(503, 'SlowDown'));
    await expect(invokeOne()).resolves.toEqual(acknowledged);
  });

  it.each([
    ['a size outside the bounds', { contentLength: 4_194_305 }],
    ['no client ID', { metadata: {} }],
  ])('does not read a body whose headers show %s', async (_, options) => {
    const photo = s3Photo(jpeg, { metadata, ...options });
    s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).resolves(photo);
    await invokeOne();
    expect(photo.Body.readableDidRead).toBe(false);
    expect(photo.Body.destroyed).toBe(true);
  });

  it('rejects a photo that has no room for our tags, sends nothing, and writes none', async () => {
    const TagSet = Array.from({ length: 9 }, (_, at) => ({ Key: `tag-${at}`, Value: '' }));
    photoIs(jpeg, { tagCount: 9 });
    s3.on(GetObjectTaggingCommand).resolves({ TagSet });
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(0);
    expect(writtenTags()).toEqual([]);
    expect(logLines.join('')).toContain('tag-limit-reached');
  });
});

describe('what ComplyCube answers', () => {
  it.each<[string, Reply, number, string]>([
    [
      '400 for data',
      { status: 400, body: { type: 'invalid_request', message: 'too big', param: 'data' } },
      1,
      'refused-by-complycube',
    ],
    [
      '400 for clientId',
      { status: 400, body: { message: 'must be text', param: 'clientId' } },
      1,
      'refused-by-complycube',
    ],
    ['413', { status: 413, body: '<html></html>' }, 1, 'refused-by-complycube'],
    ['422', { status: 422, body: { message: 'More than one face' } }, 1, 'refused-by-complycube'],
    [
      '404 naming the client, at the sixth receive',
      { status: 404, body: { message: `Invalid client id '${clientId}'` } },
      6,
      'client-unknown',
    ],
  ])('rejects the photo after %s', async (_, reply, receives, reason) => {
    complyCube.replyWith(reply);
    await expect(invokeOne(s3Body(), receives)).resolves.toEqual(acknowledged);
    expect(writtenTags()).toEqual([{ 'complycube-status': 'rejected', 'complycube-rejection': reason }]);
  });

  it.each<[string, Reply, number, number]>([
    ['404 naming the client, at the fifth receive', { status: 404, body: { message: 'Invalid client id' } }, 5, 960],
    ['402', { status: 402 }, 1, 300],
    ['403', { status: 403, body: { type: 'unauthorized' } }, 1, 300],
    ['400 for another param', { status: 400, body: { param: 'type' } }, 1, 300],
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '17' } }, 1, 17],
    ['429 without', { status: 429 }, 2, 120],
    ['500', { status: 500 }, 1, 60],
    ['502 with HTML', { status: 502, body: '<html></html>' }, 10, 3_600],
    ['an answer that can’t be read', { status: 200, body: '<html></html>' }, 1, 60],
    ['a reset', (response) => response.destroy(), 1, 60],
  ])('keeps the message after %s, tags nothing, and hides it for its wait', async (_, reply, receives, longestWait) => {
    jest.spyOn(Math, 'random').mockReturnValue(0.999999);
    complyCube.replyWith(reply);
    await expect(invokeOne(s3Body(), receives)).resolves.toEqual(kept);
    expect(writtenTags()).toEqual([]);
    expect(waits()).toEqual([longestWait]);
    expect(complyCube.requests).toHaveLength(1);
  });

  it('hides a message for as long as that of its photos needs which needs longest', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.999999);
    complyCube.replyWith({ status: 429, headers: { 'retry-after': '17' } }, { status: 500 });
    await expect(invokeOne(s3Body(s3Record({ key: 'a' }), s3Record({ key: 'b' })))).resolves.toEqual(kept);
    expect(waits()).toEqual([60]);
  });

  it('reads the secret once more after 401 and goes on with the new key', async () => {
    await invokeOne();
    secretsManager.on(GetSecretValueCommand).resolves({ SecretString: 'test_rotated' });
    complyCube.replyWith({ status: 401 }, accepted);
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(complyCube.requests.map(({ headers }) => headers.authorization)).toEqual([
      'test_abc',
      'test_abc',
      'test_rotated',
    ]);
  });

  it('keeps the message for five minutes when the key read anew is refused too', async () => {
    complyCube.replyWith({ status: 401 });
    await expect(invokeOne()).resolves.toEqual(kept);
    expect(complyCube.requests).toHaveLength(2);
    expect(waits()).toEqual([300]);
  });

  it('keeps the message when the secret can’t be read', async () => {
    complyCube.replyWith({ status: 401 });
    secretsManager.on(GetSecretValueCommand).rejects(new Error('throttled'));
    await expect(invokeOne()).resolves.toEqual(kept);
    expect(writtenTags()).toEqual([]);
  });
});

describe('what is skipped: acknowledged, nothing sent, nothing tagged', () => {
  it.each([
    ['an object that is gone', s3Failure(404, 'NoSuchKey')],
    ['a delete marker', s3Failure(405, 'MethodNotAllowed')],
    ['an object that was overwritten', s3Failure(412, 'PreconditionFailed')],
  ])('skips %s', async (_, error) => {
    s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).rejects(error);
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(0);
    expect(writtenTags()).toEqual([]);
  });

  it.each(['uploaded', 'rejected'])('skips a redelivery of a photo that is tagged %s', async (status) => {
    photoIs(jpeg, { tagCount: 1 });
    s3.on(GetObjectTaggingCommand).resolves({ TagSet: [{ Key: 'complycube-status', Value: status }] });
    await expect(invokeOne(s3Body(), 2)).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(0);
    expect(writtenTags()).toEqual([]);
    expect(logLines.join('')).toContain('duplicate');
  });

  it('acknowledges S3’s test event', async () => {
    await expect(invokeOne(testEventBody)).resolves.toEqual(acknowledged);
    expect(s3.calls()).toHaveLength(0);
  });
});

describe('an inquiry', () => {
  it('is answered by the function with the key that it alone may read', async () => {
    complyCube.replyWith({ status: 200, body: { pages: 0, items: [] } });
    const { handler } = await import('../../lambda/handler');
    const inquiry = { inquiry: 'account' } as unknown as SQSEvent;
    await expect(handler(inquiry, lambdaContext())).resolves.toEqual({ answer: 'accepted' });
    expect(complyCube.requests.map(({ method }) => method)).toEqual(['GET']);
    expect(complyCube.requests[0]?.headers.authorization).toMatch(/^test_/);
  });
});
