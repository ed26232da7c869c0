import { describe, it, expect } from '@jest/globals';
import { DeleteBucketCommand, GetBucketVersioningCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { codeOf, send, useS3 } from '../s3-requests';

const s3 = useS3({});

describe('buckets', () => {
  it('are listed by name and deleted', async () => {
    await s3.createBucket('second');
    await s3.createBucket('first');
    const names = async () => (await s3.client.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name);
    expect(await names()).toEqual(['first', 'second']);
    await s3.client.send(new DeleteBucketCommand({ Bucket: 'first' }));
    expect(await names()).toEqual(['second']);
  });

  it('are not created twice or with an invalid name', async () => {
    await s3.createBucket('taken');
    await expect(s3.createBucket('taken')).rejects.toMatchObject({ code: 'BucketAlreadyOwnedByYou' });
    for (const name of ['ab', 'Upper', 'under_score', '-dash', 'dots..dots', 'a'.repeat(64)]) {
      await expect(s3.createBucket(name)).rejects.toMatchObject({ code: 'InvalidBucketName' });
    }
  });

  it('are not deleted while they contain anything, even a delete marker', async () => {
    await s3.createBucket('photos', { isVersioned: true });
    const { headers } = await send(s3, 'DELETE', '/photos/k');
    const answer = await send(s3, 'DELETE', '/photos');
    expect([answer.status, codeOf(answer)]).toEqual([409, 'BucketNotEmpty']);
    await send(s3, 'DELETE', `/photos/k?versionId=${String(headers['x-amz-version-id'])}`);
    expect((await send(s3, 'DELETE', '/photos')).status).toBe(204);
  });

  it.each([
    [true, 'Enabled'],
    [false, undefined],
  ])('have versioning: %s', async (isVersioned, status) => {
    await s3.createBucket('photos', { isVersioned });
    expect((await s3.client.send(new GetBucketVersioningCommand({ Bucket: 'photos' }))).Status).toBe(status);
  });
});
