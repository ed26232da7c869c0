import type { Bucket, ObjectVersion } from './bucket';
import { invalidArgument } from '../errors';
import { parseListParameters } from './list-parameters';
import { takePage, walkKeys } from './list-walk';
import { type Operation, xmlAnswer } from '../operation';
import type { XmlContent } from '../requests/xml';

/** ListObjectsV2. */
export const listObjectsV2: Operation = (call, s3) => {
  const bucket = s3.buckets.get(call.bucketName);
  const { prefix, delimiter, maxKeys, isUrlEncoded, encode } = parseListParameters(call.query);
  const token = call.query.get('continuation-token') ?? undefined;
  const startAfter = call.query.get('start-after') ?? undefined;
  const isOwnerWanted = call.query.get('fetch-owner') === 'true';
  const after = token === undefined ? (startAfter ?? '') : decodeToken(token);

  const walk = walkKeys(bucket.keysInOrder(), { prefix, delimiter, after }, (key) => isPresent(bucket, key));
  const { items, isTruncated } = takePage(walk, maxKeys);
  const last = items.at(-1);
  return xmlAnswer('ListBucketResult', {
    Name: bucket.name,
    Prefix: encode(prefix),
    ContinuationToken: token,
    NextContinuationToken: isTruncated ? encodeToken(last?.key ?? last?.commonPrefix ?? '') : undefined,
    StartAfter: token === undefined && startAfter !== undefined ? encode(startAfter) : undefined,
    KeyCount: items.length,
    MaxKeys: maxKeys,
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    EncodingType: isUrlEncoded ? 'url' : undefined,
    IsTruncated: isTruncated,
    Contents: items.flatMap(({ key }) => {
      const object = key === undefined ? undefined : bucket.currentObject(key);
      if (key === undefined || object === undefined) return [];
      const owner = isOwnerWanted ? { Owner: { ID: s3.ownerId } } : {};
      return [{ Key: encode(key), ...describeObject(object), ...owner }];
    }),
    CommonPrefixes: items.flatMap(({ commonPrefix }) => {
      return commonPrefix === undefined ? [] : [{ Prefix: encode(commonPrefix) }];
    }),
  });
};

/** What lists say of an object besides its key. */
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

function isPresent(bucket: Bucket, key: string): boolean {
  return bucket.currentObject(key) !== undefined;
}

// Tokens are opaque to clients: the mark tells one of ours from text that somebody made up.
const tokenMark = 'after:';

function encodeToken(after: string): string {
  return Buffer.from(`${tokenMark}${after}`, 'utf8').toString('base64');
}

function decodeToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString('utf8');
  if (!text.startsWith(tokenMark)) {
    throw invalidArgument('continuation-token', token, 'The continuation token provided is incorrect');
  }
  return text.slice(tokenMark.length);
}
