import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { claimKey } from '../../../contract/claim-key';
import type { Claim } from '../../../contract/claim-record';
import { Claims } from '../../../lambda/aws/claims';
import { ClaimsBucket } from '../fixtures/claims-bucket';
import { photoLocation } from '../fixtures/events';
import { s3Failure } from '../fixtures/s3-answers';

const s3 = mockClient(S3Client);
const nowMs = Date.UTC(2026, 10, 23, 10);
const { signal } = new AbortController();
const { bucket, key, versionId, eTag } = photoLocation;
const record = {
  ...{ bucket, key, versionId, eTag, attempt: 1, holder: 'another' },
  claimedAt: '2026-11-23T09:00:00.000Z',
  leaseUntil: '2026-11-23T09:02:00.000Z',
};
const old: Claim = { record, claimETag: '"1"' };
let stored: ClaimsBucket;
let claims: Claims;
beforeEach(() => {
  s3.reset();
  s3.rejects(new Error('unplanned call'));
  stored = new ClaimsBucket(s3, 'claims');
  const durations = { photoDeadlineMs: 60_000, clockSkewMs: 60_000, listingDelayMs: 15_000 };
  const clock = { now: () => nowMs, after: () => () => undefined };
  claims = new Claims(new S3Client(), 'claims', durations, clock);
});

const storedRecord = () => stored.record(claimKey(photoLocation));

describe('the answers of S3 to claims', () => {
  it('makes a photo be retried if S3 does not say which claim it wrote', async () => {
    s3.on(PutObjectCommand).resolves({});
    await expect(claims.claim(photoLocation, signal)).rejects.toMatchObject({ code: 's3-failed' });
  });

  const Body = { transformToString: () => Promise.resolve(JSON.stringify(record)) };
  it.each([
    ['body', { ETag: '"1"' }],
    ['ETag', { Body }],
  ])('makes a photo be retried if the claim of another delivery comes without its %s', async (_, answer) => {
    stored.set(claimKey(photoLocation), record);
    s3.on(GetObjectCommand).resolves(answer as object);
    const claiming = claims.claim(photoLocation, signal);
    await expect(claiming).rejects.toMatchObject({ code: 's3-failed' });
    await expect(claiming).rejects.toThrow('no object');
  });

  it('gives a takeover to the delivery whose write S3 accepted, without a further read', async () => {
    stored.set(claimKey(photoLocation), record);
    s3.on(GetObjectCommand).rejects(s3Failure(503, 'SlowDown'));
    await expect(claims.takeOver(old, signal)).resolves.toMatchObject({ record: { attempt: 2 } });
  });

  it.each([412, 409])('leaves the photo to the delivery that writes the claim now: status %d', async (status) => {
    const name = status === 412 ? 'PreconditionFailed' : 'ConditionalRequestConflict';
    s3.on(PutObjectCommand).rejects(s3Failure(status, name));
    await expect(claims.takeOver(old, signal)).rejects.toMatchObject({ code: 'claim-held' });
  });

  it('looks for a live photo after a new claim only if an earlier attempt may have made one', async () => {
    await expect(claims.claim(photoLocation, signal)).resolves.toMatchObject({ mustReconcile: false });
    stored.set(claimKey(photoLocation), record);
    const current = (await claims.claim(photoLocation, signal)) as Claim;
    await expect(claims.takeOver(current, signal)).resolves.toMatchObject({ mustReconcile: true });
  });

  it('names the request that failed', async () => {
    for (const Command of [PutObjectCommand, GetObjectCommand, DeleteObjectCommand]) {
      s3.on(Command).rejects(s3Failure(503, 'SlowDown'));
    }
    await expect(claims.update(old, {}, signal)).rejects.toThrow('PutObject');
    await expect(claims.read(photoLocation, signal)).rejects.toThrow('GetObject');
    await expect(claims.delete(old, signal)).rejects.toThrow('DeleteObject');
  });

  it('stops with the photo: each request gets the signal of its delivery', async () => {
    s3.on(DeleteObjectCommand).resolves({});
    await claims.claim(photoLocation, signal);
    await claims.read(photoLocation, signal);
    await claims.delete(old, signal);
    const calls = s3.calls() as unknown as { readonly args: [unknown, { readonly abortSignal: unknown }] }[];
    const signals = calls.map(({ args: [, { abortSignal }] }) => abortSignal);
    expect(signals).toEqual([signal, signal, signal]);
  });

  it('stores claims as JSON objects in the claims bucket', async () => {
    await claims.claim(photoLocation, signal);
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({
      Bucket: 'claims',
      ContentType: 'application/json',
      IfNoneMatch: '*',
    });
  });
});

describe('read', () => {
  it('finds no claim where none is', async () => {
    await expect(claims.read(photoLocation, signal)).resolves.toBeUndefined();
  });

  it('returns the claim with the version that was asked for', async () => {
    stored.set(claimKey(photoLocation), { holder: 'another', key: 'malformed' });
    await expect(claims.read(photoLocation, signal)).resolves.toEqual({
      record: { holder: 'another', bucket, key, versionId, eTag },
      claimETag: '"1"',
    });
  });
});

describe('replace', () => {
  it('creates a claim where none was, and changes it by its new ETag', async () => {
    const created = await claims.replace(record, undefined, signal);
    expect(storedRecord()).toEqual(record);
    const changed = await claims.replace({ ...record, attempt: 2 }, created.claimETag, signal);
    expect(changed.record.attempt).toBe(2);
    expect(storedRecord()).toEqual(changed.record);
  });

  it.each([
    ['created', undefined],
    ['changed', '"another"'],
  ])('is refused if another delivery %s the claim meanwhile', async (_, claimETag) => {
    stored.set(claimKey(photoLocation), record);
    const replacing = claims.replace({ ...record, attempt: 9 }, claimETag, signal);
    await expect(replacing).rejects.toMatchObject({ code: 'claim-held' });
    expect(storedRecord()).toEqual(record);
  });
});
