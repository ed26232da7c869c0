import { beforeEach, describe, it, expect } from '@jest/globals';
import { type Bucket, Buckets } from '../../../src/s3/buckets/bucket';
import { Notifier } from '../../../src/s3/events/notifier';
import type { S3Call, S3Context } from '../../../src/s3/operation';
import { storeObject } from '../../../src/s3/objects/store-object';

let s3: S3Context;
let bucket: Bucket;

beforeEach(() => {
  const notifier = new Notifier({ region: 'eu-west-1', accountId: '123456789012' }, { reportError: fail });
  s3 = { region: 'eu-west-1', ownerId: 'owner', buckets: new Buckets(), notifier };
  bucket = s3.buckets.create({ name: 'photos', isVersioned: true, corsRules: [] });
});

function fail(what: string, cause: unknown): void {
  throw new Error(what, { cause });
}

function store(headers: readonly (readonly [string, string])[] = []): Promise<unknown> {
  const call: S3Call = {
    method: 'PUT',
    bucketName: 'photos',
    key: 'k',
    query: new URLSearchParams(),
    headers: new Map(headers),
    requestId: 'request',
    hostId: 'host',
    sourceIpAddress: '127.0.0.1',
    readBody: () => Promise.reject(new Error('The body was already read')),
  };
  const object = { bytes: Buffer.from('x'), checksum: undefined, metadata: { system: [], user: [] }, tags: [] };
  return storeObject(call, s3, bucket, object, 'Put');
}

describe('storing an object', () => {
  it('checks the condition and writes in one step', async () => {
    const writes = Array.from({ length: 20 }, () => store([['if-none-match', '*']]));
    const settled = await Promise.allSettled(writes);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(bucket.versionsOf('k')).toHaveLength(1);
  });

  it('gives each version a greater sequence than the one before, even in the same millisecond', async () => {
    for (let count = 0; count < 200; count++) await store();
    const sequences = bucket.versionsOf('k').map(({ sequence }) => sequence);
    expect(new Set(sequences).size).toBe(200);
    expect(sequences).toEqual([...sequences].sort((a, b) => b - a));
  });
});
