import { S3Error } from '../errors';

/** The resource of a request, and its query. */
export interface RequestTarget {
  /** Empty in a request to the service. */
  readonly bucketName: string;
  /** Decoded; empty in a request to the service or to a bucket. */
  readonly key: string;
  readonly query: URLSearchParams;
}

// S3 user guide, "Naming Amazon S3 objects".
const maxKeyBytes = 1024;

/**
 * Parses a path-style request target: `/bucket/key?query`. A `+` is a plus in the path and a space in the query.
 * @throws S3Error InvalidURI if an escape is malformed or not UTF-8; KeyTooLongError.
 */
export function parseRequestTarget(target: string): RequestTarget {
  const [, rawBucketName, rawKey = '', rawQuery = ''] = /^\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(target) ?? [];
  if (rawBucketName === undefined) throw new S3Error('InvalidURI');
  const key = checkKeyLength(decodePath(rawKey));
  return { bucketName: decodePath(rawBucketName), key, query: new URLSearchParams(rawQuery) };
}

/** @throws S3Error KeyTooLongError. */
export function checkKeyLength(key: string): string {
  const keyBytes = Buffer.byteLength(key);
  if (keyBytes > maxKeyBytes) {
    throw new S3Error('KeyTooLongError', {
      details: { Size: String(keyBytes), MaxSizeAllowed: String(maxKeyBytes) },
    });
  }
  return key;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new S3Error('InvalidURI');
  }
}
