import { it, expect } from '@jest/globals';
import { Buckets } from '../../../src/s3/buckets/bucket';
import type { S3Call } from '../../../src/s3/call';
import { Notifier } from '../../../src/s3/events/notifier';
import { storeObject } from '../../../src/s3/objects/store-object';

it('stores the object of exactly one of many concurrent writers with If-None-Match', async () => {
  const notifier = new Notifier({ region: 'eu-west-1', accountId: '123456789012' }, { reportError: () => undefined });
  const s3 = { region: 'eu-west-1', ownerId: 'owner', buckets: new Buckets(), notifier };
  const bucket = s3.buckets.create({ name: 'photos', isVersioned: true, corsRules: [] });
  const call = { bucketName: 'photos', key: 'k', headers: new Map([['if-none-match', '*']]) } as unknown as S3Call;
  const object = { bytes: Buffer.from('x'), checksum: undefined, metadata: { system: [], user: [] }, tags: [] };

  const writes = Array.from({ length: 20 }, () => storeObject(call, s3, bucket, object, 'Put'));
  const settled = await Promise.allSettled(writes);
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(bucket.versionsOf('k')).toHaveLength(1);
});
