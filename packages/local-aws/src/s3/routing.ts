import * as buckets from './buckets/bucket-operations';
import { copyObject } from './objects/copy-object';
import { preflight } from './buckets/cors';
import { deleteObject, deleteObjects } from './objects/delete-object';
import { S3Error } from './errors';
import { getObject } from './objects/get-object';
import { listObjectVersions } from './buckets/list-object-versions';
import { listObjectsV2 } from './buckets/list-objects';
import type { Operation, S3Call } from './operation';
import { postObject } from './objects/post-object';
import { putObject } from './objects/put-object';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './objects/tagging';

/** An operation under the name that S3's API reference has for it. */
export interface Route {
  readonly operation: string;
  /** Left out for an operation of S3 that this server has not. */
  readonly handle?: Operation;
}

/** Every operation by its method, the kind of its path and the subresource in its query. */
const routes: Readonly<Record<string, Route>> = {
  'GET /': { operation: 'ListBuckets', handle: buckets.listBuckets },

  'PUT /bucket': { operation: 'CreateBucket', handle: buckets.createBucket },
  'HEAD /bucket': { operation: 'HeadBucket', handle: buckets.headBucket },
  'DELETE /bucket': { operation: 'DeleteBucket', handle: buckets.deleteBucket },
  'GET /bucket?location': { operation: 'GetBucketLocation', handle: buckets.getBucketLocation },
  'GET /bucket?versioning': { operation: 'GetBucketVersioning', handle: buckets.getBucketVersioning },
  'PUT /bucket?versioning': { operation: 'PutBucketVersioning', handle: buckets.putBucketVersioning },
  'GET /bucket?list-type': { operation: 'ListObjectsV2', handle: listObjectsV2 },
  'GET /bucket?versions': { operation: 'ListObjectVersions', handle: listObjectVersions },
  'POST /bucket?delete': { operation: 'DeleteObjects', handle: deleteObjects },
  'POST /bucket': { operation: 'PostObject', handle: postObject },
  'OPTIONS /bucket': { operation: 'OptionsObject', handle: preflight },
  'GET /bucket': { operation: 'ListObjects' },
  'GET /bucket?uploads': { operation: 'ListMultipartUploads' },
  'GET /bucket?notification': {
    operation: 'GetBucketNotificationConfiguration',
    handle: buckets.getBucketNotificationConfiguration,
  },
  'PUT /bucket?notification': { operation: 'PutBucketNotificationConfiguration' },

  'PUT /bucket/key': { operation: 'PutObject', handle: putObject },
  'PUT /bucket/key from x-amz-copy-source': { operation: 'CopyObject', handle: copyObject },
  'GET /bucket/key': { operation: 'GetObject', handle: getObject },
  'HEAD /bucket/key': { operation: 'HeadObject', handle: getObject },
  'DELETE /bucket/key': { operation: 'DeleteObject', handle: deleteObject },
  'GET /bucket/key?tagging': { operation: 'GetObjectTagging', handle: getObjectTagging },
  'PUT /bucket/key?tagging': { operation: 'PutObjectTagging', handle: putObjectTagging },
  'DELETE /bucket/key?tagging': { operation: 'DeleteObjectTagging', handle: deleteObjectTagging },
  'OPTIONS /bucket/key': { operation: 'OptionsObject', handle: preflight },
  'GET /bucket/key?attributes': { operation: 'GetObjectAttributes' },
  'POST /bucket/key?uploads': { operation: 'CreateMultipartUpload' },
  'PUT /bucket/key?uploadId': { operation: 'UploadPart' },
  'GET /bucket/key?uploadId': { operation: 'ListParts' },
  'POST /bucket/key?uploadId': { operation: 'CompleteMultipartUpload' },
  'DELETE /bucket/key?uploadId': { operation: 'AbortMultipartUpload' },
};

/** The query parameters that make another operation of a request; all others are an operation's arguments. */
const subresources = [
  ...['accelerate', 'acl', 'analytics', 'attributes', 'cors', 'delete', 'encryption', 'intelligent-tiering'],
  ...['inventory', 'legal-hold', 'lifecycle', 'list-type', 'location', 'logging', 'metadataConfiguration'],
  ...['metadataTable', 'metrics', 'notification', 'object-lock', 'ownershipControls', 'policy', 'policyStatus'],
  ...['publicAccessBlock', 'renameObject', 'replication', 'requestPayment', 'restore', 'retention', 'select'],
  ...['session', 'tagging', 'torrent', 'uploadId', 'uploads', 'partNumber', 'versioning', 'versions', 'website'],
];

/**
 * Finds the operation that a request asks for; one that is not in the table gets its method, path and subresource for a
 * name.
 * @throws S3Error MethodNotAllowed when S3 has no such operation.
 */
export function findRoute(call: S3Call): Route {
  const [kind, resourceType] = kindOf(call);
  const subresource = subresources.find((name) => call.query.has(name));
  const isCopy = call.headers.has('x-amz-copy-source');
  const pattern =
    `${call.method} ${kind}` +
    (subresource === undefined ? '' : `?${subresource}`) +
    (isCopy ? ' from x-amz-copy-source' : '');
  const route = routes[pattern];
  if (route !== undefined) return route;
  if (subresource === undefined && !isCopy) {
    throw new S3Error('MethodNotAllowed', { details: { Method: call.method, ResourceType: resourceType } });
  }
  return { operation: pattern };
}

function kindOf({ bucketName, key }: S3Call): readonly [kind: string, resourceType: string] {
  if (key !== '') return ['/bucket/key', 'OBJECT'];
  return bucketName !== '' ? ['/bucket', 'BUCKET'] : ['/', 'SERVICE'];
}
