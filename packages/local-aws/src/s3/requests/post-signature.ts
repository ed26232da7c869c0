import { createHmac } from 'node:crypto';
import { invalidArgument, S3Error } from '../errors';

/** An access key whose signatures are verified. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Against what a signature is verified. */
export interface Signing {
  /** Left out, no access key is known. */
  readonly accessKey?: AccessKey | undefined;
  readonly region: string;
}

const algorithm = 'AWS4-HMAC-SHA256';
/** A signing key is good for so long (S3's API reference, "Signature Version 4 authentication specific policy keys"). */
const maxSignatureAgeMs = 7 * 24 * 60 * 60_000;

/**
 * Verifies that the access key signed a form's policy.
 * Source: S3's API reference, "Calculating a signature" of "Browser-based uploads using POST": the policy's base64 is what
 * is signed, with a key derived for the day, the region and the service.
 * @param fields by lower-case name.
 * @returns the policy, in base64.
 * @throws S3Error AccessDenied for a form that is not signed, or was too long ago; InvalidRequest for another algorithm;
 * InvalidArgument; InvalidAccessKeyId; InvalidToken; SignatureDoesNotMatch.
 */
export function verifyPostSignature(
  fields: ReadonlyMap<string, string>,
  { accessKey, region }: Signing,
  now = new Date(),
): string {
  // Nobody unknown may write to a bucket that is closed to the public.
  if (!fields.has('policy') && !fields.has('x-amz-signature')) throw new S3Error('AccessDenied');
  if (fields.get('x-amz-algorithm') !== algorithm) {
    const message = `The authorization mechanism you have provided is not supported. Please use ${algorithm}.`;
    throw new S3Error('InvalidRequest', { message });
  }
  const policy = needField(fields, 'Policy');
  const date = needField(fields, 'X-Amz-Date');
  const credential = needField(fields, 'X-Amz-Credential');
  const signature = needField(fields, 'X-Amz-Signature');

  const day = date.slice(0, 8);
  const scope = `/${day}/${region}/s3/aws4_request`;
  if (!credential.endsWith(scope)) {
    throw invalidArgument('X-Amz-Credential', credential, `The credential's scope must be ${scope.slice(1)}`);
  }
  const accessKeyId = credential.slice(0, -scope.length);
  if (accessKeyId !== accessKey?.accessKeyId) {
    throw new S3Error('InvalidAccessKeyId', { details: { AWSAccessKeyId: accessKeyId } });
  }
  // A token comes with temporary credentials, and there are none here.
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

function needField(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name.toLowerCase());
  if (value === undefined) throw missingField(name);
  return value;
}

/** Makes the error for a field that every form, or every signed form, has before its file. */
export function missingField(name: string): S3Error {
  const message = `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`;
  return invalidArgument(name, '', message);
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** @param date ISO 8601's basic format: `20261123T181500Z`. */
function signingTime(date: string): number {
  const extended = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const time = Date.parse(extended);
  if (extended === date || Number.isNaN(time)) throw invalidArgument('X-Amz-Date', date, 'X-Amz-Date must be ISO 8601');
  return time;
}
