import type { ObjectVersion } from '../buckets/bucket';
import type { S3Call } from '../call';
import type { Operation } from '../operation';
import { checksumHeaders } from '../requests/checksums';
import { isModifiedForReader } from '../requests/conditions';
import { findObject, versionHeaders } from './find-object';
import { metadataHeaders } from './object-metadata';

/** GetObject without ranges, and HeadObject: the server omits the body of every response to a HEAD. */
export const getObject: Operation = (call, s3) => {
  const bucket = s3.buckets.get(call.bucketName);
  const object = findObject(call, bucket);
  const identity = {
    etag: `"${object.eTag}"`,
    'last-modified': object.lastModified.toUTCString(),
    ...versionHeaders(bucket, object),
  };
  if (!isModifiedForReader(call.headers, object)) return { status: 304, headers: identity };
  return { status: 200, headers: { ...identity, ...describe(object, call) }, body: object.bytes };
};

function describe({ checksum, metadata, tags }: ObjectVersion, call: S3Call): Readonly<Record<string, string>> {
  const isChecksumRequested = call.headers.get('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  return {
    'x-amz-server-side-encryption': 'AES256',
    ...metadataHeaders(metadata),
    ...(tags.length > 0 && { 'x-amz-tagging-count': String(tags.length) }),
    ...(isChecksumRequested && checksumHeaders(checksum)),
  };
}
