import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  DeleteObjectCommand,
} from '@aws-sdk/client-s3';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { cutOff, flipByteInPngChunk } from '../../local/sample-photos/damage';
import { makeJpeg } from '../../local/sample-photos/jpeg';
import { makeNotAPhoto } from '../../local/sample-photos/not-a-photo';
import { makePng } from '../../local/sample-photos/png';
import type { ClaimRecord } from '../../lambda/claims';
import {
  eventBridgeBody,
  lambdaContext,
  photoLocation,
  s3Body,
  s3Record,
  sqsEvent,
  sqsRecord,
  testEventBody,
} from './events';
import { s3Failure, s3Photo } from './s3-answers';
import { type Reply, type ScriptedServer, startScriptedServer } from './scripted-server';

const s3 = mockClient(S3Client);
const secretsManager = mockClient(SecretsManagerClient);
const sqs = mockClient(SQSClient);
const eventBridge = mockClient(EventBridgeClient);
const jpeg = makeJpeg({ bytes: 40_000, seed: 1 });
const png = makePng({ bytes: 40_000, seed: 1 });
const clientId = '5eb1276d96be4a0008713af5';
const metadata = { 'client-id': clientId };
const accepted: Reply = { status: 200, body: { id: '5eb1b5f231778a0008d1c3f6', clientId } };

let complyCube: ScriptedServer;
let invoke: (event: SQSEvent, remainingMs?: number) => Promise<SQSBatchResponse>;
let logLines: string[];

beforeAll(async () => {
  complyCube = await startScriptedServer();
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-2',
    COMPLYCUBE_API_KEY_SECRET_ID: 'arn:secret',
    COMPLYCUBE_CALL_TIMEOUT_MS: '1000',
    CLAIM_LEASE_MS: '120000',
    CLAIMS_BUCKET: 'claims',
    EVENT_BUS_NAME: 'default',
    AWS_LAMBDA_FUNCTION_NAME: 'upload',
    COMPLYCUBE_BASE_URL: `${complyCube.url}/v1`,
    COMPLYCUBE_REQUESTS_PER_SECOND: '1000',
    UPLOAD_QUEUE_URL: 'https://sqs.eu-west-2.amazonaws.com/123456789012/uploads',
  });
  const { handler } = await import('../../lambda/handler');
  invoke = async (event, remainingMs) => (await handler(event, lambdaContext(remainingMs))) as SQSBatchResponse;
});
afterAll(() => complyCube.close());

beforeEach(() => {
  for (const mock of [s3, secretsManager, sqs, eventBridge]) {
    mock.reset();
    mock.rejects(new Error('unplanned call'));
  }
  photoIs(jpeg);
  s3.on(PutObjectCommand).resolves({ ETag: '"claim"' });
  s3.on(DeleteObjectCommand).resolves({});
  s3.on(GetObjectTaggingCommand).resolves({ TagSet: [] });
  s3.on(PutObjectTaggingCommand).resolves({});
  secretsManager.on(GetSecretValueCommand).resolves({ SecretString: 'test_abc' });
  sqs.on(ChangeMessageVisibilityCommand).resolves({});
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
  complyCube.requests.length = 0;
  complyCube.replyWith(accepted);
  logLines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    logLines.push(String(chunk));
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

const photoIs = (bytes: Buffer, options: Parameters<typeof s3Photo>[1] = {}) =>
  s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).callsFake(() => s3Photo(bytes, { metadata, ...options }));
const invokeOne = (body = s3Body(), receives = 1) => invoke(sqsEvent(sqsRecord('m1', body, receives)));
const writtenTags = () =>
  s3
    .commandCalls(PutObjectTaggingCommand)
    .map(({ args: [{ input }] }) =>
      Object.fromEntries((input.Tagging?.TagSet ?? []).map(({ Key = '', Value }) => [Key, Value])),
    );
const waits = () =>
  sqs.commandCalls(ChangeMessageVisibilityCommand).map(({ args: [{ input }] }) => input.VisibilityTimeout);
/** What was written to the claim after it was made: `released`, or the record as it was changed. */
const claimChanges = () => [
  ...s3.commandCalls(DeleteObjectCommand).map(() => 'released'),
  ...s3
    .commandCalls(PutObjectCommand)
    .slice(1)
    .map(({ args: [{ input }] }) => JSON.parse(input.Body as string) as ClaimRecord),
];
/** Has another's claim stand, whose lease ends so many milliseconds from now. */
const claimStands = (leaseMs: number, more: Partial<ClaimRecord> = {}) => {
  const record = {
    ...photoLocation,
    claimedAt: new Date(Date.now() - 60_000).toISOString(),
    leaseUntil: new Date(Date.now() + leaseMs).toISOString(),
    attempt: 1,
    holder: 'another',
    ...more,
  };
  s3.on(PutObjectCommand, { IfNoneMatch: '*' }).rejects(s3Failure(412, 'PreconditionFailed'));
  s3.on(GetObjectCommand, { Bucket: 'claims' }).callsFake(() => ({
    Body: { transformToString: () => Promise.resolve(JSON.stringify(record)) },
    ETag: '"other"',
  }));
};
/** What was published: type and detail. */
const published = () =>
  eventBridge.commandCalls(PutEventsCommand).flatMap(({ args: [{ input }] }) =>
    (input.Entries ?? []).map(({ DetailType, Detail = '' }) => ({
      type: DetailType,
      ...(JSON.parse(Detail) as Record<string, unknown>),
    })),
  );
const acknowledged = { batchItemFailures: [] };
const kept = { batchItemFailures: [{ itemIdentifier: 'm1' }] };

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

describe('a batch', () => {
  const failingKey = (key: string) => s3.on(GetObjectCommand, { Key: key }).rejects(s3Failure(503, 'SlowDown'));

  it('keeps just the messages that failed', async () => {
    failingKey('bad');
    const event = sqsEvent(
      sqsRecord('good', s3Body()),
      sqsRecord('bad', s3Body(s3Record({ key: 'bad' }))),
      sqsRecord('malformed', 'not an event'),
      sqsRecord('escape', s3Body(s3Record({ key: '%E0%A4%A' }))),
      sqsRecord('also good', eventBridgeBody()),
    );
    await expect(invoke(event)).resolves.toEqual({
      batchItemFailures: [{ itemIdentifier: 'bad' }, { itemIdentifier: 'malformed' }, { itemIdentifier: 'escape' }],
    });
    expect(complyCube.requests).toHaveLength(2);
  });

  it('processes every record of a message, and keeps the message when one of them failed', async () => {
    failingKey('bad');
    await expect(invokeOne(s3Body(s3Record(), s3Record({ key: 'bad' }), s3Record({ key: 'c' })))).resolves.toEqual(
      kept,
    );
    expect(complyCube.requests).toHaveLength(2);
  });

  it('runs its photos at the same time', async () => {
    const waiting: (() => void)[] = [];
    complyCube.replyWith((response) => {
      waiting.push(() => response.end(JSON.stringify({ id: 'abc' })));
      // No answer comes before all three requests have.
      if (waiting.length === 3) for (const answer of waiting) answer();
    });
    const event = sqsEvent(...['a', 'b', 'c'].map((id) => sqsRecord(id, s3Body(s3Record({ key: id })))));
    await expect(invoke(event)).resolves.toEqual(acknowledged);
  });

  it('hands photos back at once, unstarted, when too little time is left for a call', async () => {
    await expect(invoke(sqsEvent(sqsRecord('m1', s3Body())), 5_000)).resolves.toEqual(kept);
    expect(s3.calls()).toHaveLength(0);
    expect(complyCube.requests).toHaveLength(0);
    expect(waits()).toEqual([0]);
  });

  it('puts a malformed message on its way to the dead-letter queue without a wait', async () => {
    await expect(invokeOne('not an event')).resolves.toEqual(kept);
    expect(waits()).toEqual([0]);
  });

  it('keeps a message even when its wait can’t be set', async () => {
    sqs.on(ChangeMessageVisibilityCommand).rejects(new Error('throttled'));
    s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).rejects(s3Failure(503, 'SlowDown'));
    await expect(invokeOne()).resolves.toEqual(kept);
  });

  it('logs one line a photo, without the client ID, the key or the image', async () => {
    complyCube.replyWith(accepted, { status: 422, body: { message: `client ${clientId}` } }, { status: 500 });
    await invoke(sqsEvent(...['a', 'b', 'c'].map((id) => sqsRecord(id, s3Body(s3Record({ key: id }))))));
    const lines = logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter((line) => 'key' in line)).toHaveLength(3);
    expect(lines.filter(({ message }) => message === 'batch processed')).toHaveLength(1);
    expect(lines.every((line) => line['requestId'] === 'invocation-1')).toBe(true);
    const text = logLines.join('');
    for (const secret of [clientId, 'test_abc', jpeg.toString('base64').slice(0, 40)])
      expect(text).not.toContain(secret);
  });
});
