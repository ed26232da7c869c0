import * as buckets from './buckets/bucket-operations';
import { preflight } from './buckets/cors';
import { listObjectVersions } from './buckets/list-object-versions';
import { listObjectsV2 } from './buckets/list-objects';
import { S3Error } from './errors';
import { copyObject } from './objects/copy-object';
import { deleteObject, deleteObjects } from './objects/delete-object';
import { getObject } from './objects/get-object';
import { postObject } from './objects/post-object';
import { putObject } from './objects/put-object';
import { getObjectTagging, putObjectTagging } from './objects/tagging';
import type { S3Call } from './call';
import type { Operation } from './operation';

/** An operation with its name in S3's API reference. */
export interface Route {
  readonly operation: string;
  /** Undefined for an operation that this server lacks. */
  readonly handle?: Operation;
}

/** The operations by method, kind of path, and subresource of the query. */
const routes: Readonly<Record<string, Route>> = {
  'GET /': { operation: 'ListBuckets', handle: buckets.listBuckets },

  'DELETE /bucket': { operation: 'DeleteBucket', handle: buckets.deleteBucket },
  'GET /bucket': { operation: 'ListObjects' },
  'GET /bucket?versioning': { operation: 'GetBucketVersioning', handle: buckets.getBucketVersioning },
  'GET /bucket?list-type': { operation: 'ListObjectsV2', handle: listObjectsV2 },
  'GET /bucket?versions': { operation: 'ListObjectVersions', handle: listObjectVersions },
  'GET /bucket?notification': {
    operation: 'GetBucketNotificationConfiguration',
    handle: buckets.getBucketNotificationConfiguration,
  },
  'HEAD /bucket': { operation: 'HeadBucket' },
  'OPTIONS /bucket': { operation: 'OptionsObject', handle: preflight },
  'POST /bucket': { operation: 'PostObject', handle: postObject },
  'POST /bucket?delete': { operation: 'DeleteObjects', handle: deleteObjects },
  'PUT /bucket': { operation: 'CreateBucket' },

  'DELETE /bucket/key': { operation: 'DeleteObject', handle: deleteObject },
  'GET /bucket/key': { operation: 'GetObject', handle: getObject },
  'GET /bucket/key?tagging': { operation: 'GetObjectTagging', handle: getObjectTagging },
  'HEAD /bucket/key': { operation: 'HeadObject', handle: getObject },
  'OPTIONS /bucket/key': { operation: 'OptionsObject', handle: preflight },
  'PUT /bucket/key': { operation: 'PutObject', handle: putObject },
  'PUT /bucket/key from x-amz-copy-source': { operation: 'CopyObject', handle: copyObject },
  'PUT /bucket/key?tagging': { operation: 'PutObjectTagging', handle: putObjectTagging },
};

/** The query parameters that select an operation. All others are arguments. */
const subresources = [
  ...['accelerate', 'acl', 'analytics', 'attributes', 'cors', 'delete', 'encryption', 'intelligent-tiering'],
  ...['inventory', 'legal-hold', 'lifecycle', 'list-type', 'location', 'logging', 'metadataConfiguration'],
  ...['metadataTable', 'metrics', 'notification', 'object-lock', 'ownershipControls', 'policy', 'policyStatus'],
  ...['publicAccessBlock', 'renameObject', 'replication', 'requestPayment', 'restore', 'retention', 'select'],
  ...['session', 'tagging', 'torrent', 'uploadId', 'uploads', 'partNumber', 'versioning', 'versions', 'website'],
];

/**
 * Finds the operation of a request. An operation that is not in the table is named by its method, path and subresource.
 * @throws S3Error MethodNotAllowed if S3 has no such operation.
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
