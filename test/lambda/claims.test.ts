import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ClaimRecord, claimKey, Claims } from '../../lambda/claims';
import type { PhotoLocation } from '../../lambda/object-events';
import { RetryLaterError } from '../../lambda/retry-later-error';
import { S3Error } from '../../local/s3/errors';
import { type LocalS3, startS3 } from '../../local/s3/server';
import { photoLocation } from './events';

const leaseMs = 120_000;
const failingOnce = new Set<string>();
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
  return new Claims(client, 'claims', leaseMs, { now: () => nowMs, sleep: () => Promise.resolve() });
}

let photo: PhotoLocation = photoLocation;
let photos = 0;
beforeEach(() => {
  nowMs = Date.UTC(2026, 10, 23, 10);
  claims = createClaims(s3);
  photo = { ...photoLocation, key: `photo-${++photos}.jpg` };
});

async function readClaim(): Promise<ClaimRecord> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'claims', Key: claimKey(photo) }));
  return JSON.parse((await Body?.transformToString()) ?? '') as ClaimRecord;
}

describe('claim', () => {
  it('is won by just one of many who try at the same time', async () => {
    const attempts = await Promise.all(Array.from({ length: 8 }, () => claims.claim(photo)));
    expect(attempts.filter(({ isOwn }) => isOwn)).toHaveLength(1);
    const holders = new Set(attempts.map(({ record }) => record.holder));
    expect(holders.size).toBe(1);
  });

  it('says which photo object it is for, since when and until when', async () => {
    await claims.claim(photo);
    expect(await readClaim()).toEqual({
      bucket: photo.bucket,
      key: photo.key,
      versionId: photo.versionId,
      eTag: photo.eTag,
      claimedAt: '2026-11-23T10:00:00.000Z',
      leaseUntil: '2026-11-23T10:02:00.000Z',
      attempt: 1,
      holder: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
    });
  });

  it('is another one for another version, another ETag, another key or another bucket', () => {
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

  it('has a key that S3 takes, however long the photo object’s is', async () => {
    photo = { ...photo, key: 'é'.repeat(512) };
    await expect(claims.claim(photo)).resolves.toMatchObject({ isOwn: true });
  });

  it('is known for one’s own when the answer to it was lost and the SDK sent it again', async () => {
    const { client, requests } = losingFirstAnswer();
    await expect(createClaims(client).claim(photo)).resolves.toMatchObject({ isOwn: true });
    expect(requests()).toBeGreaterThan(1);
    client.destroy();
  });
});

describe('takeOver', () => {
  it('waits for a lease to end', async () => {
    await claims.claim(photo);
    nowMs += leaseMs - 1_000;
    const standing = await claims.claim(photo);
    await expect(claims.takeOver(standing)).rejects.toMatchObject({ name: 'RetryLaterError', waitMs: 1_000 });
  });

  it('gives an ended lease to just one of many, and keeps the time of the first claim', async () => {
    await claims.claim(photo);
    nowMs += leaseMs;
    const standing = await claims.claim(photo);
    const takeovers = await Promise.allSettled(Array.from({ length: 8 }, () => claims.takeOver(standing)));
    expect(takeovers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const takeover of takeovers) {
      if (takeover.status === 'rejected') expect(takeover.reason).toBeInstanceOf(RetryLaterError);
    }
    expect(await readClaim()).toMatchObject({
      claimedAt: '2026-11-23T10:00:00.000Z',
      leaseUntil: '2026-11-23T10:04:00.000Z',
      attempt: 2,
    });
  });
});

describe('takeOver, when its answer was lost and the SDK sent it again', () => {
  it('knows its own doing', async () => {
    await claims.claim(photo);
    nowMs += leaseMs;
    const standing = await claims.claim(photo);
    const { client, requests } = losingFirstAnswer();
    await expect(createClaims(client).takeOver(standing)).resolves.toMatchObject({ record: { attempt: 2 } });
    expect(requests()).toBeGreaterThan(1);
    client.destroy();
  });
});

describe('release', () => {
  it('lets the next one claim anew', async () => {
    await claims.release(await claims.claim(photo));
    await expect(claims.claim(photo)).resolves.toMatchObject({ isOwn: true, record: { attempt: 1 } });
  });

  it('leaves a claim alone that another has taken over', async () => {
    const lost = await claims.claim(photo);
    nowMs += leaseMs;
    const taken = await claims.takeOver(await claims.claim(photo));
    await claims.release(lost);
    expect((await readClaim()).holder).toBe(taken.record.holder);
  });
});

describe('endLease', () => {
  it('lets the next one take over at once, with the live photo where it is known', async () => {
    await claims.endLease(await claims.claim(photo), 'live-photo-1');
    const taken = await claims.takeOver(await claims.claim(photo));
    expect(taken.record).toMatchObject({ attempt: 2, livePhotoId: 'live-photo-1' });
  });

  it('leaves a claim alone that another has taken over', async () => {
    const lost = await claims.claim(photo);
    nowMs += leaseMs;
    const taken = await claims.takeOver(await claims.claim(photo));
    await claims.endLease(lost);
    expect(await readClaim()).toEqual(taken.record);
  });
});

describe('a failure of S3', () => {
  it.each(['PutObject', 'GetObject'])('is never taken for a lost race (%s)', async (operation) => {
    if (operation === 'GetObject') await claims.claim(photo);
    const client = createClient(1);
    failingOnce.add(operation);
    await expect(createClaims(client).claim(photo)).rejects.toThrow('reduce your request rate');
    client.destroy();
  });
});

/** A client whose first request takes effect while its answer is lost, so that the SDK sends it again. */
function losingFirstAnswer() {
  const client = createClient();
  let requests = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      if (++requests === 1) throw Object.assign(new Error('the answer was lost'), { code: 'ECONNRESET' });
      return answer;
    },
    { step: 'deserialize', priority: 'low' },
  );
  return { client, requests: () => requests };
}
