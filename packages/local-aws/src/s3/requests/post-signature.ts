import { createHmac } from 'node:crypto';
import { invalidArgument, S3Error } from '../errors';

/** An access key. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What a signature is verified against. */
export interface Signing {
  /** Undefined: every signature is refused. */
  readonly accessKey?: AccessKey | undefined;
  readonly region: string;
}

const algorithm = 'AWS4-HMAC-SHA256';
/** Validity of a signing key (S3 API reference, "Signature Version 4 authentication specific policy keys"). */
const maxSignatureAgeMs = 7 * 24 * 60 * 60_000;

/**
 * Verifies that the access key signed a form's policy.
 * Source: S3 API reference, "Browser-based uploads using POST", "Calculating a signature": the signed text is the policy in
 * base64, and the key is derived from the day, the region and the service.
 * @param fields by lower-case name.
 * @returns the policy, in base64.
 * @throws S3Error AccessDenied for an unsigned form or an expired signature; InvalidRequest for another algorithm;
 * InvalidArgument; InvalidAccessKeyId; InvalidToken; SignatureDoesNotMatch.
 */
export function verifyPostSignature(
  fields: ReadonlyMap<string, string>,
  { accessKey, region }: Signing,
  now = new Date(),
): string {
  // Buckets are not public.
  if (!fields.has('policy') && !fields.has('x-amz-signature')) throw new S3Error('AccessDenied');
  if (fields.get('x-amz-algorithm') !== algorithm) {
    const message = `The authorization mechanism you have provided is not supported. Please use ${algorithm}.`;
    throw new S3Error('InvalidRequest', { message });
  }
  const policy = requireField(fields, 'Policy');
  const date = requireField(fields, 'X-Amz-Date');
  const credential = requireField(fields, 'X-Amz-Credential');
  const signature = requireField(fields, 'X-Amz-Signature');

  const day = date.slice(0, 8);
  const scope = `/${day}/${region}/s3/aws4_request`;
  if (!credential.endsWith(scope)) {
    throw invalidArgument('X-Amz-Credential', credential, `The credential's scope must be ${scope.slice(1)}`);
  }
  const accessKeyId = credential.slice(0, -scope.length);
  if (accessKeyId !== accessKey?.accessKeyId) {
    throw new S3Error('InvalidAccessKeyId', { details: { AWSAccessKeyId: accessKeyId } });
  }
  // A token belongs to temporary credentials, which this server lacks.
  if (fields.has('x-amz-security-token')) throw new S3Error('InvalidToken');
  const signingKey = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${accessKey.secretAccessKey}`,
  );
  if (hmac(signingKey, policy).toString('hex') !== signature) throw new S3Error('SignatureDoesNotMatch');
  if (now.getTime() - signingTime(date) > maxSignatureAgeMs) {
    throw new S3Error('AccessDenied', { message: 'Invalid according to Policy: Policy expired.' });
  }
  return policy;
}

function requireField(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name.toLowerCase());
  if (value === undefined) throw missingField(name);
  return value;
}

/** Makes the error for a missing field. */
export function missingField(name: string): S3Error {
  const message = `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`;
  return invalidArgument(name, '', message);
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** @param date in the basic format of ISO 8601: `20261123T181500Z`. */
function signingTime(date: string): number {
  const extended = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const time = Date.parse(extended);
  if (extended === date || Number.isNaN(time)) throw invalidArgument('X-Amz-Date', date, 'X-Amz-Date must be ISO 8601');
  return time;
}
