import type { S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost, type PresignedPostOptions } from '@aws-sdk/s3-presigned-post';
import { randomUUID } from 'node:crypto';
import { isClientId, metadataNames, photoSize } from '../contract/photo-rules';
import { grantLifetime } from './grant-lifetime';
import { patterns } from '../contract/patterns';

/** The types of photo that ComplyCube takes. */
export type PhotoContentType = (typeof photoContentTypes)[number];
const photoContentTypes = ['image/jpeg', 'image/png'] as const;

/** What to grant. */
export interface UploadGrantOptions {
  /** Of an identity that may put objects by form alone: the stack's construct makes it so with `grantUpload`. */
  readonly s3: S3Client;
  readonly bucket: string;
  /** The ComplyCube client that the photo is of. It comes from your session, never from the app. */
  readonly clientId: string;
  /** Left out: the stack's setting, or else ComplyCube's default, true. */
  readonly performLivenessCheck?: boolean;
  /** What the key begins with; the stack's own `keyPrefix`, where it has one. Left out: nothing. */
  readonly keyPrefix?: string;
  /** The one type that the photo may have: a policy can't list several. `image/jpeg` unless given. */
  readonly contentType?: PhotoContentType;
  /** 1 to 900; 300 unless given. It ends earlier when the credentials of `s3` do. */
  readonly expiresInSeconds?: number;
  /** The ARN of the KMS key of the bucket's own; left out: keys that S3 manages. */
  readonly encryptionKeyArn?: string;
}

/** The permission to upload one photo: what the app sends to S3. As JSON it goes to the app whole. */
export interface UploadGrant {
  /** Where the form is posted to. */
  readonly url: string;
  /** The form's fields, all of them, as they stand; the photo comes behind them as `file`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly bucket: string;
  /** By which the outcome is asked for. */
  readonly key: string;
  readonly expiresAt: Date;
}

/** An option of {@link createUploadGrant} is wrong: `field` names it, and the message says what it must be. */
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
 * The grant is a presigned POST: S3 takes the form just as it is granted. Whoever has it can change neither the client ID nor
 * the liveness flag nor the key, can send no other type or size, no further metadata and no tags, and can use it for no longer
 * than it says. Until then it can be used again: S3 keeps each photo as a version of its own.
 *
 * Nothing is sent: S3 refuses the form if the identity may not put the object.
 * @throws UploadGrantError before anything is signed.
 */
export async function createUploadGrant(options: UploadGrantOptions): Promise<UploadGrant> {
  checkOptions(options);
  const { s3, bucket, clientId, performLivenessCheck, keyPrefix = '', contentType = 'image/jpeg' } = options;
  const { expiresInSeconds = grantLifetime.defaultSeconds, encryptionKeyArn } = options;
  // 122 random bits: whoever knows one key can guess no other.
  const key = `${keyPrefix}${randomUUID()}`;
  const { url, fields } = await createPresignedPost(s3, {
    Bucket: bucket,
    Key: key,
    Expires: expiresInSeconds,
    // Each field becomes a condition that it must equal; a field that has no condition S3 refuses, `tagging` among them.
    Fields: {
      'Content-Type': contentType,
      [`x-amz-meta-${metadataNames.clientId}`]: clientId,
      ...(performLivenessCheck !== undefined && {
        [`x-amz-meta-${metadataNames.performLivenessCheck}`]: String(performLivenessCheck),
      }),
      ...encryptionFields(encryptionKeyArn),
    },
    Conditions: [['content-length-range', photoSize.minBytes, photoSize.maxBytes]],
  });
  return { url, fields, bucket, key, expiresAt: expirationOf(fields) };
}

/** As it was signed: by S3's clock where the client has found that this machine's is wrong. */
function expirationOf({ Policy = '' }: Readonly<Record<string, string>>): Date {
  const { expiration } = JSON.parse(Buffer.from(Policy, 'base64').toString('utf8')) as { expiration: string };
  return new Date(expiration);
}

function encryptionFields(keyArn: string | undefined): NonNullable<PresignedPostOptions['Fields']> {
  const algorithm = 'x-amz-server-side-encryption';
  if (keyArn === undefined) return { [algorithm]: 'AES256' };
  return { [algorithm]: 'aws:kms', [`${algorithm}-aws-kms-key-id`]: keyArn };
}

/** Types don't hold where JavaScript calls: everything is looked at. No message repeats a value, which may be a person's. */
function checkOptions(options: UploadGrantOptions): void {
  const { bucket, clientId, performLivenessCheck, keyPrefix, contentType, expiresInSeconds, encryptionKeyArn } =
    options as { readonly [Name in keyof UploadGrantOptions]: unknown };
  check('bucket', isLike(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, bucket), 'the name of an S3 bucket');
  check('clientId', typeof clientId === 'string' && isClientId(clientId), '1 to 64 of A-Z a-z 0-9 _ -');
  check(
    'performLivenessCheck',
    performLivenessCheck === undefined || typeof performLivenessCheck === 'boolean',
    'true or false',
  );
  check(
    'keyPrefix',
    keyPrefix === undefined || keyPrefix === '' || isLike(patterns.keyPrefix, keyPrefix),
    "at most 512 of A-Z a-z 0-9 ! _ . ' ( ) / -",
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
    encryptionKeyArn === undefined || isLike(patterns.kmsKeyArn, encryptionKeyArn),
    'the ARN of a KMS key',
  );
}

function check(field: keyof UploadGrantOptions, isRight: boolean, mustBe: string): void {
  if (!isRight) throw new UploadGrantError(field, mustBe);
}

function isLike(pattern: RegExp, value: unknown): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function isLifetime(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= grantLifetime.maxSeconds;
}
