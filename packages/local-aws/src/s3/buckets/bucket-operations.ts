import type { Bucket } from './bucket';
import { S3Error } from '../errors';
import { type Operation, xmlAnswer } from '../operation';
import { parseXml } from '../requests/xml';

/** ListBuckets, without pages. */
export const listBuckets: Operation = (call, s3) => {
  const paging = ['prefix', 'max-buckets', 'continuation-token', 'bucket-region'].find((name) => call.query.has(name));
  if (paging !== undefined) {
    throw new S3Error('NotImplemented', { message: `ListBuckets with ${paging} is not implemented` });
  }
  const describe = ({ name, createdAt }: Bucket) => ({
    Name: name,
    CreationDate: createdAt.toISOString(),
    BucketRegion: s3.region,
  });
  return xmlAnswer('ListAllMyBucketsResult', {
    Owner: { ID: s3.ownerId },
    Buckets: { Bucket: s3.buckets.list().map(describe) },
  });
};

/** CreateBucket, in the server's own region only. */
export const createBucket: Operation = async (call, s3) => {
  const isBodySent = (call.headers.get('content-length') ?? '0') !== '0' || call.headers.has('transfer-encoding');
  const constraint = isBodySent
    ? parseXml((await call.readBody()).bytes, 'CreateBucketConfiguration').textOf('LocationConstraint')
    : undefined;
  // us-east-1 is the region that has no constraint (S3's API reference, CreateBucket).
  if ((constraint ?? 'us-east-1') !== s3.region) {
    const message = `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`;
    throw new S3Error('IllegalLocationConstraintException', { message });
  }
  const isAnsweredAgain = s3.region === 'us-east-1' && s3.buckets.has(call.bucketName);
  if (!isAnsweredAgain) s3.buckets.create(call.bucketName);
  return { status: 200, headers: { location: `/${call.bucketName}` } };
};

/** HeadBucket. */
export const headBucket: Operation = (call, s3) => {
  s3.buckets.get(call.bucketName);
  return { status: 200, headers: { 'x-amz-bucket-region': s3.region, 'x-amz-access-point-alias': 'false' } };
};

/** DeleteBucket. */
export const deleteBucket: Operation = (call, s3) => {
  s3.buckets.delete(call.bucketName);
  return { status: 204 };
};

/** GetBucketLocation. */
export const getBucketLocation: Operation = (call, s3) => {
  s3.buckets.get(call.bucketName);
  return xmlAnswer('LocationConstraint', s3.region === 'us-east-1' ? '' : s3.region);
};

/** GetBucketVersioning. */
export const getBucketVersioning: Operation = (call, s3) => {
  const { versioning } = s3.buckets.get(call.bucketName);
  return xmlAnswer('VersioningConfiguration', { Status: versioning === 'Never' ? undefined : versioning });
};

/** PutBucketVersioning, without MFA delete. */
export const putBucketVersioning: Operation = async (call, s3) => {
  const bucket = s3.buckets.get(call.bucketName);
  const root = parseXml((await call.readBody()).bytes, 'VersioningConfiguration');
  const status = root.textOf('Status');
  if (root.textOf('MfaDelete') === 'Enabled') {
    throw new S3Error('NotImplemented', { message: 'PutBucketVersioning with MfaDelete is not implemented' });
  }
  if (status === undefined) throw new S3Error('IllegalVersioningConfigurationException');
  if (status !== 'Enabled' && status !== 'Suspended') throw new S3Error('MalformedXML');
  bucket.versioning = status;
  return { status: 200 };
};

/** GetBucketNotificationConfiguration. */
export const getBucketNotificationConfiguration: Operation = (call, s3) => {
  const { queues, isEventBridgeEnabled } = s3.notifier.configurationOf(s3.buckets.get(call.bucketName));
  return xmlAnswer('NotificationConfiguration', {
    QueueConfiguration: queues.map(({ id, queueArn, events, prefix, suffix }) => {
      const rules = Object.entries({ prefix, suffix }).flatMap(([Name, Value]) =>
        Value === undefined ? [] : [{ Name, Value }],
      );
      const filter = rules.length === 0 ? undefined : { S3Key: { FilterRule: rules } };
      return { Id: id, Queue: queueArn, Event: events, Filter: filter };
    }),
    EventBridgeConfiguration: isEventBridgeEnabled ? '' : undefined,
  });
};
