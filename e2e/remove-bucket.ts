import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { CheckError } from './steps';

/**
 * Deletes a bucket with all versions and delete markers in it.
 * @throws CheckError when S3 can't delete an object.
 */
export async function removeBucket(s3: S3Client, bucket: string): Promise<void> {
  for (;;) {
    // A list has at most 1,000 entries, the limit of one deletion (S3 API reference, ListObjectVersions, DeleteObjects).
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    const objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (objects.length === 0) break;
    const { Errors: [failure] = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }),
    );
    if (failure !== undefined)
      throw new CheckError(`${bucket} still has an object: ${failure.Code ?? 'no reason given'}`);
  }
  await s3.send(new DeleteBucketCommand({ Bucket: bucket }));
}
