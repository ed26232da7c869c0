import { invalidArgument } from '../errors';
import { type Operation, xmlAnswer } from '../operation';
import { refuseUnsupportedQuery } from '../requests/unsupported';
import type { XmlContent } from '../requests/xml';
import type { ObjectVersion } from './bucket';
import { keysAfter, parseListParameters, takePage } from './listing';

/** ListObjectsV2, without common prefixes and owners. */
export const listObjectsV2: Operation = (call, s3) => {
  refuseUnsupportedQuery(call, 'delimiter', 'fetch-owner');
  const bucket = s3.buckets.get(call.bucketName);
  const { prefix, maxKeys, isUrlEncoded, encode } = parseListParameters(call.query);
  const token = call.query.get('continuation-token') ?? undefined;
  // It counts only for the first page (S3 API reference, ListObjectsV2).
  const after = token === undefined ? (call.query.get('start-after') ?? '') : decodeToken(token);

  function* walk(): Generator<{ key: string; object: ObjectVersion }> {
    for (const key of keysAfter(bucket.keysInOrder(), prefix, after)) {
      const object = bucket.currentObject(key);
      if (object !== undefined) yield { key, object };
    }
  }
  const { items, isTruncated } = takePage(walk(), maxKeys);
  return xmlAnswer('ListBucketResult', {
    Name: bucket.name,
    Prefix: encode(prefix),
    ContinuationToken: token,
    NextContinuationToken: isTruncated ? encodeToken(items.at(-1)?.key ?? '') : undefined,
    KeyCount: items.length,
    MaxKeys: maxKeys,
    EncodingType: isUrlEncoded ? 'url' : undefined,
    IsTruncated: isTruncated,
    Contents: items.map(({ key, object }) => ({ Key: encode(key), ...describeObject(object) })),
  });
};

/** A list's elements about an object, besides its key. */
export function describeObject(object: ObjectVersion): Readonly<Record<string, XmlContent>> {
  return {
    LastModified: object.lastModified.toISOString(),
    ETag: `"${object.eTag}"`,
    ChecksumAlgorithm: object.checksum.algorithm,
    ChecksumType: 'FULL_OBJECT',
    Size: object.bytes.length,
    StorageClass: 'STANDARD',
  };
}

// Tokens are opaque to clients. The prefix shows that this server made a token.
const tokenPrefix = 'after:';

function encodeToken(after: string): string {
  return Buffer.from(`${tokenPrefix}${after}`, 'utf8').toString('base64');
}

function decodeToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString('utf8');
  if (!text.startsWith(tokenPrefix)) {
    throw invalidArgument('continuation-token', token, 'The continuation token provided is incorrect');
  }
  return text.slice(tokenPrefix.length);
}
