import { Stack } from 'aws-cdk-lib';
import { Effect, Grant, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { grantLifetime } from '../contract/grant-lifetime';
import { uploadEnvironmentNames } from '../contract/upload-environment';

/** The photo objects that a grant covers. */
export interface GrantedPhotos {
  readonly bucket: IBucket;
  /** The beginnings of their keys. */
  readonly keyPrefixes: readonly string[];
  readonly encryptionKey: IKey | undefined;
}

/** Condition keys of S3's PutObject for what a form can set but an upload grant never does. */
const forbiddenKeys = [
  's3:RequestObjectTagKeys',
  's3:x-amz-acl',
  's3:x-amz-storage-class',
  's3:x-amz-website-redirect-location',
] as const;

/**
 * Allows an identity to put photo objects with a presigned POST, and denies every other kind of put, even if another policy of
 * the identity allows it.
 *
 * The holder of a form can't change the metadata, because the identity signed them. IAM can't restrict which metadata the
 * identity signs: `x-amz-meta-…` has no condition key. Source of the keys: S3's API reference, "Signature Version 4
 * authentication specific policy keys", and the service authorization reference for S3.
 */
export function grantUploadByForm(grantee: IGrantable, photos: GrantedPhotos): Grant {
  const { bucket, encryptionKey } = photos;
  const granted = Grant.addToPrincipal({
    grantee,
    actions: ['s3:PutObject'],
    resourceArns: objectArns(photos),
    conditions: {
      StringEquals: {
        's3:authType': 'POST',
        's3:signatureversion': 'AWS4-HMAC-SHA256',
        ...encryptionConditions(encryptionKey),
      },
      // Refuses old forms, even if they were signed with a longer lifetime. In milliseconds.
      NumericLessThan: { 's3:signatureAge': String(grantLifetime.maxSeconds * 1000) },
      Null: Object.fromEntries(forbiddenKeys.map((key) => [key, 'true'])),
    },
  });
  granted.assertSuccess();
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('*')],
      conditions: { StringNotEquals: { 's3:authType': 'POST' } },
    }),
  );
  if (encryptionKey !== undefined) grantDataKeys(grantee, bucket, encryptionKey);
  return granted;
}

/** Allows an identity to read the tags of photo objects. With `s3:ListBucket`, S3 answers 404 instead of 403 for a missing object. */
export function grantReadOutcomes(grantee: IGrantable, photos: GrantedPhotos): Grant {
  const grant = (actions: string[], resourceArns: string[]): Grant =>
    Grant.addToPrincipal({ grantee, actions, resourceArns });
  const tags = grant(['s3:GetObjectTagging', 's3:GetObjectVersionTagging'], objectArns(photos));
  tags.assertSuccess();
  return tags.combine(grant(['s3:ListBucket'], [photos.bucket.bucketArn]));
}

function objectArns({ bucket, keyPrefixes }: GrantedPhotos): string[] {
  return keyPrefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`));
}

/** What runs a back end: a Lambda function or a container of ECS. */
export interface BackEnd {
  addEnvironment(name: string, value: string): unknown;
}

/** Sets the environment variables that `uploadSettingsFrom` reads in the back end. */
export function addUploadEnvironment(
  backEnd: BackEnd,
  { bucket, keyPrefixes, encryptionKey, clientIdMetadata }: GrantedPhotos & { readonly clientIdMetadata: string },
): void {
  const names = uploadEnvironmentNames;
  backEnd.addEnvironment(names.bucket, bucket.bucketName);
  backEnd.addEnvironment(names.clientIdMetadata, clientIdMetadata);
  if (!keyPrefixes.includes('')) backEnd.addEnvironment(names.keyPrefixes, keyPrefixes.join(','));
  if (encryptionKey !== undefined) backEnd.addEnvironment(names.encryptionKeyArn, encryptionKey.keyArn);
}

function encryptionConditions(key: IKey | undefined): Record<string, string> {
  const algorithm = 's3:x-amz-server-side-encryption';
  if (key === undefined) return { [algorithm]: 'AES256' };
  return { [algorithm]: 'aws:kms', [`${algorithm}-aws-kms-key-id`]: key.keyArn };
}

/** S3 requests a data key from KMS on behalf of the identity (S3 user guide, "Using SSE-KMS", permissions). */
function grantDataKeys(grantee: IGrantable, bucket: IBucket, key: IKey): void {
  const { region, urlSuffix } = Stack.of(bucket);
  Grant.addToPrincipal({
    grantee,
    actions: ['kms:GenerateDataKey'],
    resourceArns: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `s3.${region}.${urlSuffix}` } },
  }).assertSuccess();
}
