import type { ObjectVersion } from '../buckets/bucket';
import { invalidArgument, S3Error } from '../errors';
import { findObject } from './find-object';
import { parseObjectMetadata } from './object-metadata';
import { type Operation, type S3Call, type S3Context, xmlAnswer } from '../operation';
import { parseRequestTarget } from '../requests/request-target';
import { storedObjectHeaders, storeObject } from './store-object';
import { parseTaggingHeader } from './tags';
import { refuseUnsupportedHeaders } from '../requests/unsupported-headers';

/** CopyObject, but for conditions on the source, which answer NotImplemented. */
export const copyObject: Operation = async (call, s3) => {
  const bucket = s3.buckets.get(call.bucketName);
  refuseUnsupportedHeaders(call.headers);
  const { source, sourceHeaders, isOnItself } = findSource(call, s3);
  const isMetadataReplaced = isReplaced(call, 'x-amz-metadata-directive');
  if (isOnItself && !isMetadataReplaced) {
    throw new S3Error('InvalidRequest', {
      message:
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    });
  }
  const metadata = isMetadataReplaced ? parseObjectMetadata(call.headers) : source.metadata;
  const tags = isReplaced(call, 'x-amz-tagging-directive')
    ? parseTaggingHeader(call.headers.get('x-amz-tagging') ?? '')
    : source.tags;
  const { bytes, checksum } = source;
  const version = await storeObject(call, s3, bucket, { bytes, checksum, metadata, tags }, 'Copy');
  return xmlAnswer(
    'CopyObjectResult',
    {
      LastModified: version.lastModified.toISOString(),
      ETag: `"${version.eTag}"`,
      ChecksumType: 'FULL_OBJECT',
      [`Checksum${checksum.algorithm}`]: checksum.value,
    },
    { ...storedObjectHeaders(bucket, version), ...sourceHeaders },
  );
};

interface CopySource {
  readonly source: ObjectVersion;
  readonly sourceHeaders: Readonly<Record<string, string>>;
  readonly isOnItself: boolean;
}

/** Finds what `x-amz-copy-source: [/]bucket/key[?versionId=…]`, percent-encoded, names. */
function findSource(call: S3Call, s3: S3Context): CopySource {
  const header = call.headers.get('x-amz-copy-source') ?? '';
  const condition = [...call.headers.keys()].find((name) => name.startsWith('x-amz-copy-source-if-'));
  if (condition !== undefined) throw new S3Error('NotImplemented', { details: { Header: condition } });
  const target = parseRequestTarget(header.startsWith('/') ? header : `/${header}`);
  if (target.key === '') {
    throw invalidArgument('x-amz-copy-source', header, 'Invalid copy source object key');
  }
  const bucket = s3.buckets.get(target.bucketName);
  const source = findObject({ ...call, ...target }, bucket);
  const sourceHeaders: Readonly<Record<string, string>> =
    source.versionId === 'null' ? {} : { 'x-amz-copy-source-version-id': source.versionId };
  const isOnItself = target.bucketName === call.bucketName && target.key === call.key && !target.query.has('versionId');
  return { source, sourceHeaders, isOnItself };
}

function isReplaced(call: S3Call, directiveHeader: string): boolean {
  const directive = call.headers.get(directiveHeader) ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE') {
    throw invalidArgument(directiveHeader, directive, `Unknown ${directiveHeader.slice('x-amz-'.length)}.`);
  }
  return directive === 'REPLACE';
}
