import { S3Error } from '../errors';
import type { S3Call } from '../call';

/** Headers that request a feature that this server lacks, with the value that requests nothing special, if any. */
const unsupportedHeaders = new Map<string, string | undefined>([
  ['range', undefined],
  ['if-modified-since', undefined],
  ['if-unmodified-since', undefined],
  ['x-amz-if-match-last-modified-time', undefined],
  ['x-amz-if-match-size', undefined],
  ['x-amz-metadata-directive', 'COPY'],
  ['x-amz-tagging-directive', 'COPY'],
  ['x-amz-server-side-encryption', 'AES256'],
  ['x-amz-server-side-encryption-aws-kms-key-id', undefined],
  ['x-amz-server-side-encryption-customer-algorithm', undefined],
  ['x-amz-storage-class', 'STANDARD'],
  ['x-amz-object-lock-legal-hold', 'OFF'],
  ['x-amz-object-lock-mode', undefined],
  ['x-amz-website-redirect-location', undefined],
  ['x-amz-write-offset-bytes', undefined],
]);

/**
 * Refuses headers that this server would silently ignore.
 * @throws S3Error NotImplemented; AccessControlListNotSupported, S3's error if bucket owners own all objects.
 */
export function refuseUnsupportedHeaders(headers: ReadonlyMap<string, string>): void {
  for (const [name, value] of headers) {
    const isUnsupported = unsupportedHeaders.has(name) && value !== unsupportedHeaders.get(name);
    if (isUnsupported || name.startsWith('x-amz-copy-source-if-')) {
      throw new S3Error('NotImplemented', { details: { Header: name } });
    }
    const isForeignAcl = name === 'x-amz-acl' && value !== 'bucket-owner-full-control';
    if (isForeignAcl || name.startsWith('x-amz-grant-')) throw new S3Error('AccessControlListNotSupported');
  }
}

/**
 * Refuses query parameters that this server would silently ignore.
 * @throws S3Error NotImplemented.
 */
export function refuseUnsupportedQuery({ query }: S3Call, ...names: readonly string[]): void {
  const name = names.find((one) => query.has(one)) ?? [...query.keys()].find((one) => one.startsWith('response-'));
  if (name !== undefined) {
    throw new S3Error('NotImplemented', { message: `The query parameter ${name} is not implemented` });
  }
}
