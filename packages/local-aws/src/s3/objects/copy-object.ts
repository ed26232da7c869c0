import type { ObjectVersion } from '../buckets/bucket';
import { invalidArgument, S3Error } from '../errors';
import type { S3Call } from '../call';
import { type Operation, type S3Context, xmlAnswer } from '../operation';
import { parseRequestTarget } from '../requests/request-target';
import { findObject } from './find-object';
import { storedObjectHeaders, storeObject } from './store-object';

/** CopyObject with the source's metadata and tags, without conditions on the source. */
export const copyObject: Operation = async (call, s3) => {
  const bucket = s3.buckets.get(call.bucketName);
  const source = findSource(call, s3);
  const version = await storeObject(call, s3, bucket, source, 'Copy');
  return xmlAnswer(
    'CopyObjectResult',
    {
      LastModified: version.lastModified.toISOString(),
      ETag: `"${version.eTag}"`,
      ChecksumType: 'FULL_OBJECT',
      [`Checksum${source.checksum.algorithm}`]: source.checksum.value,
    },
    {
      ...storedObjectHeaders(bucket, version),
      ...(source.versionId !== 'null' && { 'x-amz-copy-source-version-id': source.versionId }),
    },
  );
};

/** Finds the object of `x-amz-copy-source: [/]bucket/key[?versionId=…]`, which is percent-encoded. */
function findSource(call: S3Call, s3: S3Context): ObjectVersion {
  const header = call.headers.get('x-amz-copy-source') ?? '';
  const target = parseRequestTarget(header.startsWith('/') ? header : `/${header}`);
  if (target.key === '') {
    throw invalidArgument('x-amz-copy-source', header, 'Invalid copy source object key');
  }
  if (target.bucketName === call.bucketName && target.key === call.key && !target.query.has('versionId')) {
    const message =
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
    throw new S3Error('InvalidRequest', { message });
  }
  return findObject({ ...call, ...target }, s3.buckets.get(target.bucketName));
}
