import { type Operation, xmlAnswer } from '../operation';
import { refuseUnsupportedQuery } from '../requests/unsupported';

/** ListBuckets, on one page. */
export const listBuckets: Operation = (call, s3) => {
  refuseUnsupportedQuery(call, 'prefix', 'max-buckets', 'continuation-token', 'bucket-region');
  const buckets = s3.buckets.list().map(({ name, createdAt }) => ({
    Name: name,
    CreationDate: createdAt.toISOString(),
    BucketRegion: s3.region,
  }));
  return xmlAnswer('ListAllMyBucketsResult', { Owner: { ID: s3.ownerId }, Buckets: { Bucket: buckets } });
};

/** DeleteBucket. */
export const deleteBucket: Operation = (call, s3) => {
  s3.buckets.delete(call.bucketName);
  return { status: 204 };
};

/** GetBucketVersioning. */
export const getBucketVersioning: Operation = (call, s3) => {
  const { isVersioned } = s3.buckets.get(call.bucketName);
  return xmlAnswer('VersioningConfiguration', { Status: isVersioned ? 'Enabled' : undefined });
};

/** GetBucketNotificationConfiguration. */
export const getBucketNotificationConfiguration: Operation = (call, s3) => {
  const queues = s3.notifier.queuesOf(s3.buckets.get(call.bucketName));
  return xmlAnswer('NotificationConfiguration', {
    QueueConfiguration: queues.map(({ id, queueArn, events, prefix, suffix }) => {
      const rules = Object.entries({ prefix, suffix }).flatMap(([Name, Value]) =>
        Value === undefined ? [] : [{ Name, Value }],
      );
      const filter = rules.length === 0 ? undefined : { S3Key: { FilterRule: rules } };
      return { Id: id, Queue: queueArn, Event: events, Filter: filter };
    }),
  });
};
