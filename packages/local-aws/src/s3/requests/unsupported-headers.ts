import { S3Error } from '../errors';

/** Headers that ask for what this server has not, each with the one value that asks for nothing more than it does. */
const refusedHeaders = new Map<string, string | undefined>([
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
 * Refuses a request that asks for more than storing the object.
 * @throws S3Error NotImplemented, or AccessControlListNotSupported, as S3 answers where bucket owners own all objects.
 */
export function refuseUnsupportedHeaders(headers: ReadonlyMap<string, string>): void {
  for (const [name, value] of headers) {
    if (refusedHeaders.has(name) && value !== refusedHeaders.get(name)) {
      throw new S3Error('NotImplemented', { details: { Header: name } });
    }
    const isForeignAcl = name === 'x-amz-acl' && value !== 'bucket-owner-full-control';
    if (isForeignAcl || name.startsWith('x-amz-grant-')) throw new S3Error('AccessControlListNotSupported');
  }
}
