import type { S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost, type PresignedPostOptions } from '@aws-sdk/s3-presigned-post';
import { randomUUID } from 'node:crypto';
import { isClientId, metadataNames, photoSize } from '../contract/photo-rules';
import { grantLifetime } from '../contract/grant-lifetime';
import { checkOptions, type Checks, InvalidOptionError } from './check-options';
import {
  bucketName,
  flag,
  keyPrefix as keyPrefixCheck,
  kmsKeyArn,
  listOf,
  metadataName,
  oneOf,
  optional,
  s3Client,
  wholeNumber,
} from './checks';
import type { UploadSettings } from './upload-settings';

/** The content types that ComplyCube accepts. */
export type PhotoContentType = (typeof photoContentTypes)[number];
const photoContentTypes = ['image/jpeg', 'image/png'] as const;

/** The photo to grant, and the limits of the grant. */
export interface UploadGrantOptions extends Partial<UploadSettings> {
  /** A client whose identity may put objects with forms: the construct's `grantUpload` allows only that. */
  readonly s3: S3Client;
  readonly bucket: string;
  /** The ComplyCube client in the photo. Take it from your session, never from the app. */
  readonly clientId: string;
  /** Default: the stack's setting, then ComplyCube's default, which is true. */
  readonly performLivenessCheck?: boolean;
  /** The start of the key. It must begin with one of `keyPrefixes`, if there are any. Default: the first of `keyPrefixes`, or none. */
  readonly keyPrefix?: string;
  /** The only type that the photo may have: a POST policy can't list several. Default: `image/jpeg`. */
  readonly contentType?: PhotoContentType;
  /** 1 to 900. Default: 300. The grant ends earlier if the credentials of `s3` expire. */
  readonly expiresInSeconds?: number;
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

/** An option of {@link createUploadGrant} is invalid, missing or unknown. `field` names it, and the message says what it must be. */
export class UploadGrantError extends InvalidOptionError {
  override readonly name = 'UploadGrantError';
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
  checkOptions(options, checks, UploadGrantError);
  const { s3, bucket, clientId, performLivenessCheck, contentType = 'image/jpeg' } = options;
  const { clientIdMetadata = metadataNames.clientId } = options;
  const { expiresInSeconds = grantLifetime.defaultSeconds, encryptionKeyArn } = options;
  // 122 random bits: nobody can guess the key of another photo.
  const key = `${keyPrefixOf(options)}${randomUUID()}`;
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

const checks: Checks<UploadGrantOptions> = {
  s3: s3Client,
  bucket: bucketName,
  clientId: {
    isValid: (value) => typeof value === 'string' && isClientId(value),
    mustBe: '1 to 64 characters of A-Z a-z 0-9 _ -',
  },
  performLivenessCheck: optional(flag),
  keyPrefix: optional({
    isValid: (value) => value === '' || keyPrefixCheck.isValid(value),
    mustBe: keyPrefixCheck.mustBe.replace('1 to', 'at most'),
  }),
  keyPrefixes: optional(listOf(keyPrefixCheck)),
  clientIdMetadata: optional(metadataName),
  contentType: optional(oneOf(photoContentTypes)),
  expiresInSeconds: optional(wholeNumber(1, grantLifetime.maxSeconds)),
  encryptionKeyArn: optional(kmsKeyArn),
};

/** With another prefix, the stack would not process the photo. */
function keyPrefixOf({ keyPrefixes = [], keyPrefix = keyPrefixes[0] ?? '' }: UploadGrantOptions): string {
  if (keyPrefixes.length > 0 && !keyPrefixes.some((prefix) => keyPrefix.startsWith(prefix))) {
    throw new UploadGrantError('keyPrefix', 'must begin with one of keyPrefixes');
  }
  return keyPrefix;
}
