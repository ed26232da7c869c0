import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { clientErasureRecordKey, erasureRecordKey, tombstoneKey } from '../../../contract/erasure-record';
import { ErasureRecords } from '../../../lambda/aws/erasure-records';
import { ClaimsBucket } from '../fixtures/claims-bucket';
import { photoLocation } from '../fixtures/events';
import { s3Failure } from '../fixtures/s3-answers';

const s3 = mockClient(S3Client);
const records = new ErasureRecords(new S3Client({ region: 'eu-west-2' }), 'claims');
const { signal } = new AbortController();
const { bucket, key, versionId, eTag } = photoLocation;
const request = { requestId: 'request-1', requestedAt: '2026-11-26T12:00:00.000Z', requestedBy: 'AROAEXAMPLE:alice' };
const times = ['2026-11-26T12:00:05.000Z', '2026-11-26T12:01:00.000Z'] as const;
const evidence = { ...request, bucket, versionId, eTag, keyHash: 'hash', outcome: 'deleted' } as const;
const ofClient = { ...request, deleted: 1, notFound: 0, refused: 0 };
let stored: ClaimsBucket;

beforeEach(() => {
  s3.reset();
  s3.rejects(new Error('unplanned call'));
  stored = new ClaimsBucket(s3, 'claims');
});

describe.each<[string, (erasedAt: string) => Promise<void>, string, object]>([
  [
    'the evidence of an erasure',
    (erasedAt) => records.keep({ ...evidence, erasedAt }, photoLocation, signal),
    erasureRecordKey({ ...request, bucket, key, versionId }),
    evidence,
  ],
  [
    'the evidence of a client’s erasure',
    (erasedAt) => records.keepOfClient({ ...ofClient, erasedAt }, signal),
    clientErasureRecordKey(request),
    ofClient,
  ],
  ['a tombstone', (erasedAt) => records.bury(photoLocation, erasedAt, signal), tombstoneKey(photoLocation), {}],
])('%s', (_, write, objectKey, content) => {
  it('is stored once as JSON, and a redelivery does not change it', async () => {
    for (const erasedAt of times) await write(erasedAt);
    expect(stored.record(objectKey)).toEqual({ ...content, erasedAt: times[0] });
    expect(s3.commandCalls(PutObjectCommand)[0]?.args).toEqual([
      expect.objectContaining({ input: expect.objectContaining({ ContentType: 'application/json' }) as unknown }),
      { abortSignal: signal },
    ]);
  });

  it.each([
    ['fails', s3Failure(503, 'SlowDown')],
    // The other write may fail.
    ['is writing it for another delivery', s3Failure(409, 'ConditionalRequestConflict')],
  ])('fails if S3 %s', async (__, cause) => {
    s3.on(PutObjectCommand).rejects(cause);
    const writing = write(times[0]);
    await expect(writing).rejects.toMatchObject({ code: 's3-failed', cause });
    await expect(writing).rejects.toThrow('PutObject');
  });
});

describe('isBuried', () => {
  it('is true only for versions with a tombstone', async () => {
    await records.bury(photoLocation, times[0], signal);
    await expect(records.isBuried(photoLocation, signal)).resolves.toBe(true);
    await expect(records.isBuried({ ...photoLocation, versionId: 'another' }, signal)).resolves.toBe(false);
  });
});
