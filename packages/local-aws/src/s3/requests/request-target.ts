import { S3Error } from '../errors';

/** Which resource a request is for, and its query. */
export interface RequestTarget {
  /** Empty in a request to the service itself. */
  readonly bucketName: string;
  /** Decoded; empty in a request to the service or to a bucket. */
  readonly key: string;
  readonly query: URLSearchParams;
}

// S3's user guide, "Naming Amazon S3 objects".
const maxKeyBytes = 1024;

/**
 * Takes a path-style request target apart: `/bucket/key?query`. A `+` in the path is a plus, in the query a space.
 * @throws S3Error InvalidURI when an escape is malformed or stands for no UTF-8; KeyTooLongError.
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
