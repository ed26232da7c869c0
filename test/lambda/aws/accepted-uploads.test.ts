import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { AcceptedUploads } from '../../../lambda/aws/accepted-uploads';
import { ClaimsBucket } from '../fixtures/claims-bucket';
import { never } from '../fixtures/fake-time';
import { s3Failure } from '../fixtures/s3-answers';

const s3 = mockClient(S3Client);
const objectKey = 'accepted/latest.json';
const minute = 60_000;
let nowMs: number;
let timers: (() => void)[];
let bucket: ClaimsBucket;

beforeEach(() => {
  s3.reset();
  s3.rejects(new Error('unplanned call'));
  bucket = new ClaimsBucket(s3, 'claims');
  nowMs = Date.UTC(2026, 10, 23, 10);
  timers = [];
});

function createAcceptedUploads(): AcceptedUploads {
  const after = (_: number, fire: () => void) => {
    timers.push(fire);
    return () => undefined;
  };
  return new AcceptedUploads(new S3Client({ region: 'eu-west-2' }), 'claims', { now: () => nowMs, after });
}
const bodyIs = (transformToString: () => Promise<string>) =>
  s3.on(GetObjectCommand).callsFake(() => ({ Body: { transformToString }, ETag: '"1"' }));
const writes = () => s3.commandCalls(PutObjectCommand).length;
const reads = () => s3.commandCalls(GetObjectCommand).length;

describe('an accepted upload', () => {
  it('is known to other environments, with its time', async () => {
    await createAcceptedUploads().note();
    const another = createAcceptedUploads();
    await expect(another.hasAcceptedSince(nowMs - 1)).resolves.toBe(true);
    await expect(another.hasAcceptedSince(nowMs)).resolves.toBe(false);
    expect(bucket.record(objectKey)).toEqual({ acceptedAt: '2026-11-23T10:00:00.000Z' });
  });

  it('is known to its own environment without a request', async () => {
    const own = createAcceptedUploads();
    await own.note();
    nowMs += minute;
    await own.note();
    await expect(own.hasAcceptedSince(nowMs - 1)).resolves.toBe(true);
    expect(reads()).toBe(0);
    await expect(own.hasAcceptedSince(nowMs)).resolves.toBe(false);
    expect(reads()).toBe(1);
  });

  it('is written at most once in ten minutes', async () => {
    const own = createAcceptedUploads();
    await own.note();
    nowMs += 10 * minute - 1;
    await own.note();
    expect(writes()).toBe(1);
    nowMs += 1;
    await own.note();
    expect(writes()).toBe(2);
  });

  it.each<[string, () => void]>([
    ['fails', () => s3.on(PutObjectCommand).rejectsOnce(s3Failure(503, 'SlowDown')).resolves({ ETag: '"1"' })],
    ['never answers', () => s3.on(PutObjectCommand).callsFakeOnce(never).resolves({ ETag: '"1"' })],
  ])('is written again for the next photo if S3 %s, without an error', async (_, arrange) => {
    arrange();
    const own = createAcceptedUploads();
    const noting = own.note();
    for (const fire of timers) fire();
    await expect(noting).resolves.toBeUndefined();
    await own.note();
    expect(writes()).toBe(2);
  });

  it.each<[string, () => void]>([
    ['there is no note', () => undefined],
    ['S3 fails', () => s3.on(GetObjectCommand).rejects(s3Failure(503, 'SlowDown'))],
    ['S3 never answers', () => s3.on(GetObjectCommand).callsFake(never)],
    ['the body never ends', () => bodyIs(never)],
    ['the answer has no body', () => s3.on(GetObjectCommand).resolves({})],
    ['the note is not JSON', () => bodyIs(() => Promise.resolve('{'))],
    ['the note is null', () => bodyIs(() => Promise.resolve('null'))],
    ['the note has no time', () => bucket.set(objectKey, {})],
    ['the note’s time can’t be read', () => bucket.set(objectKey, { acceptedAt: 'yesterday' })],
  ])('is not assumed when %s', async (_, arrange) => {
    arrange();
    const looking = createAcceptedUploads().hasAcceptedSince(0);
    for (const fire of timers) fire();
    await expect(looking).resolves.toBe(false);
  });
});
