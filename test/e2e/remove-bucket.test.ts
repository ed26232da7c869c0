import {
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { removeBucket } from '../../e2e/remove-bucket';
import { CheckError } from '../../e2e/steps';
import { startS3 } from 'local-aws/s3/server';

describe('removing a bucket', () => {
  it('deletes older versions and delete markers, and no other bucket', async () => {
    const server = await startS3({ sendToQueue: () => Promise.resolve() });
    const s3 = new S3Client({
      endpoint: server.url,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    await server.createBucket('mine', { isVersioned: true, notifications: [] });
    await server.createBucket('other', { isVersioned: true, notifications: [] });
    for (const Body of ['first', 'second']) {
      await s3.send(new PutObjectCommand({ Bucket: 'mine', Key: 'a photo.jpg', Body }));
    }
    await s3.send(new DeleteObjectCommand({ Bucket: 'mine', Key: 'a photo.jpg' }));

    await removeBucket(s3, 'mine');

    const { Buckets = [] } = await s3.send(new ListBucketsCommand());
    expect(Buckets.map(({ Name }) => Name)).toEqual(['other']);
    s3.destroy();
    await server.close();
  });

  describe('with more objects than one list contains', () => {
    const version = (Key: string) => ({ Versions: [{ Key, VersionId: '1' }] });

    it('continues until the bucket is empty', async () => {
      const mock = mockClient(S3Client);
      mock.onAnyCommand().rejects(new Error('This call was not planned'));
      mock.on(ListObjectVersionsCommand).resolvesOnce(version('a')).resolvesOnce(version('b')).resolvesOnce({});
      mock.on(DeleteObjectsCommand).resolves({});
      mock.on(DeleteBucketCommand, { Bucket: 'mine' }).resolves({});
      await removeBucket(new S3Client(), 'mine');
      const deleted = mock.commandCalls(DeleteObjectsCommand).map(({ args: [{ input }] }) => input.Delete?.Objects);
      expect(deleted).toEqual([[{ Key: 'a', VersionId: '1' }], [{ Key: 'b', VersionId: '1' }]]);
      expect(mock.commandCalls(DeleteBucketCommand)).toHaveLength(1);
      mock.restore();
    });

    it('fails if S3 can’t delete an object', async () => {
      const mock = mockClient(S3Client);
      mock.onAnyCommand().rejects(new Error('This call was not planned'));
      mock.on(ListObjectVersionsCommand).resolves(version('a'));
      mock.on(DeleteObjectsCommand).resolvesOnce({ Errors: [{ Key: 'a', Code: 'AccessDenied' }] });
      await expect(removeBucket(new S3Client(), 'mine')).rejects.toThrow(
        new CheckError('mine still has an object: AccessDenied'),
      );
      mock.restore();
    });
  });
});
