import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Claim, ClaimRecord } from '../../../contract/claim-record';
import { claimKey } from '../../../contract/claim-key';
import { Claims } from '../../../lambda/aws/claims';
import { HeldClaim } from '../../../lambda/photo/held-claim';
import type { PhotoLocation } from '../../../contract/object-events';
import { S3Error } from 'local-aws/s3/errors';
import { type LocalS3, startS3 } from 'local-aws/s3/server';
import { photoLocation } from '../fixtures/events';

const durations = { photoDeadlineMs: 60_000, clockSkewMs: 60_000, listingDelayMs: 15_000 };
const leaseMs = 135_000;
const failingOnce = new Set<string>();
const signal = new AbortController().signal;
let server: LocalS3;
let s3: S3Client;
let nowMs: number;
let claims: Claims;

beforeAll(async () => {
  server = await startS3({
    fault: ({ operation }) => (failingOnce.delete(operation) ? new S3Error('SlowDown') : undefined),
  });
  await server.createBucket('claims');
  s3 = createClient();
});
afterAll(async () => {
  s3.destroy();
  await server.close();
});

function createClient(maxAttempts = 3): S3Client {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new S3Client({ region: 'us-east-1', endpoint: server.url, forcePathStyle: true, credentials, maxAttempts });
}

function createClaims(client: S3Client): Claims {
  return new Claims(client, 'claims', durations, { now: () => nowMs, after: () => () => undefined });
}

let photo: PhotoLocation = photoLocation;
let photos = 0;
beforeEach(() => {
  nowMs = Date.UTC(2026, 10, 23, 10);
  claims = createClaims(s3);
  photo = { ...photoLocation, key: `photo-${++photos}.jpg` };
});

async function readClaim(): Promise<Claim> {
  const { Body, ETag = '' } = await s3.send(new GetObjectCommand({ Bucket: 'claims', Key: claimKey(photo) }));
  return { record: JSON.parse((await Body?.transformToString()) ?? '') as ClaimRecord, claimETag: ETag };
}

async function hold(store: Claims = claims): Promise<HeldClaim> {
  const claim = await store.claim(photo, signal);
  if (!(claim instanceof HeldClaim)) throw new Error('another delivery holds the claim');
  return claim;
}

/** Finds the claim of another delivery. */
async function find(store: Claims = claims): Promise<Claim> {
  const claim = await store.claim(photo, signal);
  if (claim instanceof HeldClaim) throw new Error('no other delivery made a claim');
  return claim;
}

async function takeOver(store: Claims = claims): Promise<HeldClaim> {
  return store.takeOver(await find(store), signal);
}

describe('claim', () => {
  it('gives the claim to exactly one of eight deliveries that try at the same time', async () => {
    const attempts = await Promise.all(Array.from({ length: 8 }, () => claims.claim(photo, signal)));
    expect(attempts.filter((claim) => claim instanceof HeldClaim)).toHaveLength(1);
    expect(new Set(attempts.map(({ record }) => record.holder)).size).toBe(1);
  });

  it('stores the photo object, and a lease that is the sum of deadline, clock skew and listing delay', async () => {
    await hold();
    expect((await readClaim()).record).toEqual({
      bucket: photo.bucket,
      key: photo.key,
      versionId: photo.versionId,
      eTag: photo.eTag,
      claimedAt: '2026-11-23T10:00:00.000Z',
      leaseUntil: '2026-11-23T10:02:15.000Z',
      attempt: 1,
      holder: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      isCopy: false,
    });
  });

  it('uses a different claim key for each version, ETag, key and bucket', () => {
    const others = [
      { versionId: 'v2' },
      { versionId: undefined },
      { eTag: 'other' },
      { key: 'other' },
      { bucket: 'other' },
    ];
    const keys = [photo, ...others.map((other) => ({ ...photo, ...other }))].map(claimKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every((key) => Buffer.byteLength(key) < 1_024)).toBe(true);
  });

  it('works for the longest possible key of a photo object', async () => {
    photo = { ...photo, key: 'é'.repeat(512) };
    await expect(claims.claim(photo, signal)).resolves.toBeInstanceOf(HeldClaim);
  });

  it('recognises its own claim when the answer was lost and the SDK repeats the request', async () => {
    const { client, requests } = losingFirstAnswer();
    await expect(createClaims(client).claim(photo, signal)).resolves.toMatchObject({ mustReconcile: false });
    expect(requests()).toBeGreaterThan(1);
    client.destroy();
  });
});

describe('takeOver', () => {
  it('is refused before the lease has expired', async () => {
    await hold();
    nowMs += leaseMs - 1;
    await expect(takeOver()).rejects.toMatchObject({ name: 'RetryLaterError', code: 'claim-held' });
  });

  it('gives an expired lease to exactly one of eight deliveries, and keeps the time of the first claim', async () => {
    await hold();
    nowMs += leaseMs;
    const current = await find();
    const takeovers = await Promise.allSettled(Array.from({ length: 8 }, () => claims.takeOver(current, signal)));
    expect(takeovers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const takeover of takeovers) {
      if (takeover.status === 'rejected') expect(takeover.reason).toMatchObject({ code: 'claim-held' });
    }
    expect((await readClaim()).record).toMatchObject({
      claimedAt: '2026-11-23T10:00:00.000Z',
      leaseUntil: '2026-11-23T10:04:30.000Z',
      attempt: 2,
    });
  });

  it('recognises its own takeover when the answer was lost and the SDK repeats the request', async () => {
    await hold();
    nowMs += leaseMs;
    const { client, requests } = losingFirstAnswer('PutObjectCommand', 1);
    await expect(takeOver(createClaims(client))).resolves.toMatchObject({
      mustReconcile: true,
      record: { attempt: 2 },
    });
    expect(requests()).toBeGreaterThan(1);
    client.destroy();
  });

  it('is refused if the claim was released immediately before', async () => {
    const held = await hold();
    nowMs += leaseMs;
    const current = await find();
    await held.release(new Error('nothing was sent'));
    await expect(claims.takeOver(current, signal)).rejects.toMatchObject({ code: 'claim-held' });
  });

  it.each<[string, Partial<ClaimRecord>, boolean]>([
    ['looks for a live photo after an attempt of an earlier version of the function', {}, true],
    ['looks for no live photo after an attempt that certainly created none', { maybeUploaded: false }, false],
  ])('%s', async (_, more, mustReconcile) => {
    await write({ ...oldRecord(), ...more });
    await expect(takeOver()).resolves.toMatchObject({ mustReconcile });
    // If this holder dies, the next one can't know what it did.
    expect((await readClaim()).record.maybeUploaded).toBeUndefined();
  });

  it.each([
    ['ISO 8601 with milliseconds', '2026-11-23T09:59:59.999Z'],
    ['ISO 8601 without milliseconds', '2026-11-23T09:59:59Z'],
    ['ISO 8601 with an offset', '2026-11-23T10:59:59+01:00'],
  ])('reads the end of a lease that an earlier version wrote as %s', async (_, leaseUntil) => {
    await write({ ...oldRecord(), leaseUntil });
    await expect(takeOver()).resolves.toMatchObject({ record: { attempt: 2 } });
  });

  it.each(['{}', '{"maybeUploaded":null}', '{"key":"another","leaseUntil":"soon"}'])(
    'looks for a live photo if the claim is incomplete: %s',
    async (Body) => {
      await s3.send(new PutObjectCommand({ Bucket: 'claims', Key: claimKey(photo), Body }));
      await expect(takeOver()).resolves.toMatchObject({ mustReconcile: true, record: { key: photo.key } });
      await expect(takeOver()).rejects.toMatchObject({ code: 'claim-held' });
    },
  );

  it('keeps the live photo that an earlier version of the function stored', async () => {
    await write({ ...oldRecord(), livePhotoId: 'live-photo-1' });
    await expect(takeOver()).resolves.toMatchObject({ livePhotoId: 'live-photo-1' });
    expect((await readClaim()).record.livePhotoId).toBe('live-photo-1');
  });

  it('keeps the counts of refusals', async () => {
    const refused = { count: 3, firstAt: '2026-11-23T09:00:00.000Z', lastAt: '2026-11-23T09:50:00.000Z' };
    await write({ ...oldRecord(), maybeUploaded: false, refusals: { refused } });
    const claim = await takeOver();
    expect(claim.refusalCount('refused')).toEqual(refused);
    expect((await readClaim()).record.refusals).toEqual({ refused });
  });
});

describe('delete and update', () => {
  it('lets the next delivery claim the photo again', async () => {
    await hold();
    await claims.delete(await readClaim(), signal);
    await expect(claims.claim(photo, signal)).resolves.toMatchObject({ record: { attempt: 1 } });
  });

  it('changes only the given properties', async () => {
    await hold();
    const before = await readClaim();
    await claims.update(before, { leaseUntil: '2026-11-23T09:00:00.000Z' }, signal);
    expect((await readClaim()).record).toEqual({ ...before.record, leaseUntil: '2026-11-23T09:00:00.000Z' });
  });

  it('does not change a claim that another delivery took over', async () => {
    await hold();
    const lost = await readClaim();
    nowMs += leaseMs;
    await takeOver();
    const taken = await readClaim();
    await claims.delete(lost, signal);
    await claims.update(lost, { livePhotoId: 'of the loser' }, signal);
    expect(await readClaim()).toEqual(taken);
  });

  it('does nothing if the claim does not exist', async () => {
    await hold();
    const claim = await readClaim();
    await claims.delete(claim, signal);
    await expect(claims.delete(claim, signal)).resolves.toBeUndefined();
    await expect(claims.update(claim, {}, signal)).resolves.toBeUndefined();
  });
});

describe('a failure of S3', () => {
  it.each(['PutObject', 'GetObject'])('is not treated as the claim of another delivery: %s', async (operation) => {
    if (operation === 'GetObject') await hold();
    const client = createClient(1);
    failingOnce.add(operation);
    await expect(createClaims(client).claim(photo, signal)).rejects.toMatchObject({
      code: 's3-failed',
      cause: { name: 'SlowDown' },
    });
    client.destroy();
  });

  it.each(['delete', 'update'] as const)('is reported by %s', async (method) => {
    await hold();
    const claim = await readClaim();
    const client = createClient(1);
    failingOnce.add(method === 'delete' ? 'DeleteObject' : 'PutObject');
    const store = createClaims(client);
    const changing = method === 'delete' ? store.delete(claim, signal) : store.update(claim, {}, signal);
    await expect(changing).rejects.toMatchObject({ code: 's3-failed' });
    client.destroy();
  });

  it('is reported when the signal is aborted', async () => {
    const aborted = AbortSignal.abort();
    await expect(claims.claim(photo, aborted)).rejects.toMatchObject({ code: 's3-failed' });
  });
});

/** A claim as the version of the function before the counting rules wrote it, with its lease expired. */
function oldRecord(): ClaimRecord {
  const { bucket, key, versionId, eTag } = photo;
  return {
    ...{ bucket, key, versionId, eTag },
    claimedAt: '2026-11-23T09:00:00.000Z',
    leaseUntil: '2026-11-23T09:02:00.000Z',
    attempt: 1,
    holder: 'another',
  };
}

async function write(record: ClaimRecord): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: 'claims', Key: claimKey(photo), Body: JSON.stringify(record) }));
}

/** A client that loses one answer after the request took effect, so that the SDK repeats it. */
function losingFirstAnswer(commandName = 'PutObjectCommand', afterRequests = 0) {
  const client = createClient();
  let requests = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      if (context['commandName'] !== commandName) return answer;
      if (requests++ === afterRequests) throw Object.assign(new Error('the answer was lost'), { code: 'ECONNRESET' });
      return answer;
    },
    { step: 'deserialize', priority: 'low' },
  );
  return { client, requests: () => requests };
}
