import { checksumHeaders } from '../requests/checksums';
import { parseObjectMetadata } from './object-metadata';
import type { Operation } from '../operation';
import { storedObjectHeaders, storeObject } from './store-object';
import { parseTaggingHeader } from './tags';

/** PutObject. */
export const putObject: Operation = async (call, s3) => {
  const bucket = s3.buckets.get(call.bucketName);
  const metadata = parseObjectMetadata(call.headers);
  const tags = parseTaggingHeader(call.headers.get('x-amz-tagging') ?? '');
  const { bytes, checksum } = await call.readBody();
  const version = await storeObject(call, s3, bucket, { bytes, checksum, metadata, tags }, 'Put');
  return {
    status: 200,
    headers: {
      etag: `"${version.eTag}"`,
      ...checksumHeaders(version.checksum),
      ...storedObjectHeaders(bucket, version),
    },
  };
};
