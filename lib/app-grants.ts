import { Stack } from 'aws-cdk-lib';
import { Effect, Grant, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { grantLifetime } from '../app/grant-lifetime';

/** What the grants are about. */
export interface GrantedPhotos {
  readonly bucket: IBucket;
  readonly keyPrefix: string | undefined;
  readonly encryptionKey: IKey | undefined;
}

/** Things that a form may ask for and that an upload grant never does; each is a condition key of S3's PutObject. */
const neverAsked = [
  's3:RequestObjectTagKeys',
  's3:x-amz-acl',
  's3:x-amz-storage-class',
  's3:x-amz-website-redirect-location',
] as const;

/**
 * Lets an identity put photo objects by signed form and in no other way, even where another policy of its allows more.
 *
 * A form's metadata are those that the identity signed, so whoever holds the form can't choose them; `x-amz-meta-…` has no
 * condition key, so what the identity itself may sign IAM can't say. Source of the keys: S3's API reference, "Signature
 * Version 4 authentication specific policy keys", and the service authorization reference for S3.
 */
export function grantUploadByForm(grantee: IGrantable, photos: GrantedPhotos): Grant {
  const { bucket, keyPrefix = '', encryptionKey } = photos;
  const granted = Grant.addToPrincipal({
    grantee,
    actions: ['s3:PutObject'],
    resourceArns: [bucket.arnForObjects(`${keyPrefix}*`)],
    conditions: {
      StringEquals: {
        's3:authType': 'POST',
        's3:signatureversion': 'AWS4-HMAC-SHA256',
        ...encryptionConditions(encryptionKey),
      },
      // Of a form signed to be good for longer than a grant may be.
      NumericLessThan: { 's3:signatureAge': String(grantLifetime.maxSeconds * 1000) },
      Null: Object.fromEntries(neverAsked.map((key) => [key, 'true'])),
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

/** Lets an identity read the tags of photo objects, and tell one that is not there from one that it may not see. */
export function grantReadingOutcomes(grantee: IGrantable, photos: GrantedPhotos): Grant {
  const { bucket, keyPrefix = '' } = photos;
  const grant = (actions: string[], resource: string): Grant =>
    Grant.addToPrincipal({ grantee, actions, resourceArns: [resource] });
  const tags = grant(['s3:GetObjectTagging', 's3:GetObjectVersionTagging'], bucket.arnForObjects(`${keyPrefix}*`));
  tags.assertSuccess();
  return tags.combine(grant(['s3:ListBucket'], bucket.bucketArn));
}

function encryptionConditions(key: IKey | undefined): Record<string, string> {
  const algorithm = 's3:x-amz-server-side-encryption';
  if (key === undefined) return { [algorithm]: 'AES256' };
  return { [algorithm]: 'aws:kms', [`${algorithm}-aws-kms-key-id`]: key.keyArn };
}

/** S3 encrypts with a data key that it has made in the identity's name (S3's user guide, "Using SSE-KMS", permissions). */
function grantDataKeys(grantee: IGrantable, bucket: IBucket, key: IKey): void {
  const { region, urlSuffix } = Stack.of(bucket);
  Grant.addToPrincipal({
    grantee,
    actions: ['kms:GenerateDataKey'],
    resourceArns: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `s3.${region}.${urlSuffix}` } },
  }).assertSuccess();
}
