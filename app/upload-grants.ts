import type { S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost, type PresignedPostOptions } from '@aws-sdk/s3-presigned-post';
import { randomUUID } from 'node:crypto';
import { isClientId, metadataNames, photoSize } from '../contract/photo-rules';
import { grantLifetime } from '../contract/grant-lifetime';
import { patterns } from '../contract/patterns';

/** The content types that ComplyCube accepts. */
export type PhotoContentType = (typeof photoContentTypes)[number];
const photoContentTypes = ['image/jpeg', 'image/png'] as const;

/** The photo to grant, and the limits of the grant. */
export interface UploadGrantOptions {
  /** A client whose identity may put objects with forms: the construct's `grantUpload` allows only that. */
  readonly s3: S3Client;
  readonly bucket: string;
  /** The ComplyCube client in the photo. Take it from your session, never from the app. */
  readonly clientId: string;
  /** Default: the stack's setting, then ComplyCube's default, which is true. */
  readonly performLivenessCheck?: boolean;
  /** The start of the key. If the stack has a `keyPrefix` or `keyPrefixes`, it must begin with one of them. Default: none. */
  readonly keyPrefix?: string;
  /** The stack's setting: the name of the metadata that holds the client ID. Default: `client-id`. */
  readonly clientIdMetadata?: string;
  /** The only type that the photo may have: a POST policy can't list several. Default: `image/jpeg`. */
  readonly contentType?: PhotoContentType;
  /** 1 to 900. Default: 300. The grant ends earlier if the credentials of `s3` expire. */
  readonly expiresInSeconds?: number;
  /** The ARN of the bucket's KMS key. Default: keys that S3 manages. */
  readonly encryptionKeyArn?: string;
}

/** The permission to upload one photo. Send it to the app as JSON. */
export interface UploadGrant {
  /** The URL that the form is posted to. */
  readonly url: string;
  /** All fields of the form, unchanged. The photo follows them as `file`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly bucket: string;
  /** The key of the photo object, to read its outcome. */
  readonly key: string;
  readonly expiresAt: Date;
}

/** An option of {@link createUploadGrant} is invalid. `field` names the option, and the message says what it must be. */
export class UploadGrantError extends Error {
  override readonly name = 'UploadGrantError';

  constructor(
    readonly field: keyof UploadGrantOptions,
    mustBe: string,
  ) {
    super(`${field} must be ${mustBe}`);
  }
}

/**
 * Grants the upload of one photo of one client.
 *
 * The grant is a presigned POST, and S3 refuses every change to the form: another client ID, liveness flag, key, content type
 * or size, more metadata, tags. Until it expires, the grant can be used again; S3 keeps each photo as a separate version.
 *
 * No request is sent. If the identity may not put the object, S3 refuses the form.
 * @throws UploadGrantError if an option is invalid.
 */
export async function createUploadGrant(options: UploadGrantOptions): Promise<UploadGrant> {
  checkOptions(options);
  const { s3, bucket, clientId, performLivenessCheck, keyPrefix = '', contentType = 'image/jpeg' } = options;
  const { clientIdMetadata = metadataNames.clientId } = options;
  const { expiresInSeconds = grantLifetime.defaultSeconds, encryptionKeyArn } = options;
  // 122 random bits: nobody can guess the key of another photo.
  const key = `${keyPrefix}${randomUUID()}`;
  const { url, fields } = await createPresignedPost(s3, {
    Bucket: bucket,
    Key: key,
    Expires: expiresInSeconds,
    // Each field becomes an equality condition. S3 refuses fields without a condition, such as `tagging`.
    Fields: {
      'Content-Type': contentType,
      [`x-amz-meta-${clientIdMetadata}`]: clientId,
      ...(performLivenessCheck !== undefined && {
        [`x-amz-meta-${metadataNames.performLivenessCheck}`]: String(performLivenessCheck),
      }),
      ...encryptionFields(encryptionKeyArn),
    },
    Conditions: [['content-length-range', photoSize.minBytes, photoSize.maxBytes]],
  });
  return { url, fields, bucket, key, expiresAt: expirationOf(fields) };
}

/** Reads the expiration from the signed policy: the client may have corrected this machine's clock by S3's. */
function expirationOf({ Policy = '' }: Readonly<Record<string, string>>): Date {
  const { expiration } = JSON.parse(Buffer.from(Policy, 'base64').toString('utf8')) as { expiration: string };
  return new Date(expiration);
}

function encryptionFields(keyArn: string | undefined): NonNullable<PresignedPostOptions['Fields']> {
  const algorithm = 'x-amz-server-side-encryption';
  if (keyArn === undefined) return { [algorithm]: 'AES256' };
  return { [algorithm]: 'aws:kms', [`${algorithm}-aws-kms-key-id`]: keyArn };
}

/** Checks the types too, for callers in JavaScript. No message repeats a value, because it may be personal data. */
function checkOptions(options: UploadGrantOptions): void {
  const {
    s3,
    bucket,
    clientId,
    performLivenessCheck,
    keyPrefix,
    clientIdMetadata,
    contentType,
    expiresInSeconds,
    encryptionKeyArn,
  } = (options as { readonly [Name in keyof UploadGrantOptions]?: unknown } | undefined) ?? {};
  check('s3', typeof s3 === 'object' && s3 !== null && 'config' in s3, 'an S3Client of @aws-sdk/client-s3');
  check('bucket', matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, bucket), 'the name of an S3 bucket');
  check('clientId', typeof clientId === 'string' && isClientId(clientId), '1 to 64 characters of A-Z a-z 0-9 _ -');
  check(
    'performLivenessCheck',
    performLivenessCheck === undefined || typeof performLivenessCheck === 'boolean',
    'true or false',
  );
  check(
    'keyPrefix',
    keyPrefix === undefined || keyPrefix === '' || matches(patterns.keyPrefix, keyPrefix),
    "at most 512 characters of A-Z a-z 0-9 ! _ . ' ( ) / -",
  );
  check(
    'clientIdMetadata',
    clientIdMetadata === undefined || matches(patterns.clientIdMetadata, clientIdMetadata),
    'the name of S3 user metadata without x-amz-meta-: 1 to 64 characters of a-z 0-9 . _ -',
  );
  check(
    'contentType',
    contentType === undefined || photoContentTypes.some((type) => type === contentType),
    `one of ${photoContentTypes.join(', ')}`,
  );
  check(
    'expiresInSeconds',
    expiresInSeconds === undefined || isLifetime(expiresInSeconds),
    `a whole number from 1 to ${grantLifetime.maxSeconds}`,
  );
  check(
    'encryptionKeyArn',
    encryptionKeyArn === undefined || matches(patterns.kmsKeyArn, encryptionKeyArn),
    'the ARN of a KMS key',
  );
}

function check(field: keyof UploadGrantOptions, isValid: boolean, mustBe: string): void {
  if (!isValid) throw new UploadGrantError(field, mustBe);
}

function matches(pattern: RegExp, value: unknown): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function isLifetime(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= grantLifetime.maxSeconds;
}
