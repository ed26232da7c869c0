import { type Finding, findingsOf, deployAgain } from './finding';

/** An action on a resource. */
export interface RequiredPermission {
  readonly action: string;
  readonly resource: string;
}

/** ARNs of the function's resources. */
export interface FunctionResources {
  readonly photoBucket: string;
  /** Prefixes of the keys of photo objects. */
  readonly keyPrefixes: readonly string[];
  readonly claimsBucket: string;
  readonly uploadQueue: string;
  readonly deadLetterQueue: string;
  readonly secret: string;
  readonly eventBus: string;
  /** Customer managed keys, and the function's actions on them. */
  readonly kmsKeys: readonly { readonly arn: string; readonly actions: readonly string[] }[];
}

/** Permissions that the function's role must have, except those for logs and traces. */
export function requiredPermissions(resources: FunctionResources): RequiredPermission[] {
  const { photoBucket, keyPrefixes, claimsBucket, uploadQueue, deadLetterQueue, secret, eventBus, kmsKeys } = resources;
  return [
    ...requiredOnPhotos(photoBucket, keyPrefixes),
    ...requiredOnClaims(claimsBucket),
    ...requiredOnUploadQueue(uploadQueue),
    ...requiredOnDeadLetterQueue(deadLetterQueue),
    ...requiredOnSecret(secret),
    ...on(eventBus, 'events:PutEvents'),
    ...kmsKeys.flatMap(({ arn, actions }) => on(arn, ...actions)),
  ];
}

/** The function's calls to the photo bucket. */
export function requiredOnPhotos(bucket: string, keyPrefixes: readonly string[]): RequiredPermission[] {
  const ofPhoto = [
    ...['s3:GetObject', 's3:GetObjectTagging', 's3:PutObjectTagging'],
    ...['s3:GetObjectVersion', 's3:GetObjectVersionTagging', 's3:PutObjectVersionTagging'],
  ];
  return [
    ...keyPrefixes.flatMap((prefix) => on(`${bucket}/${prefix}photo`, ...ofPhoto)),
    ...on(bucket, 's3:ListBucket'),
  ];
}

/** The function's calls to the claims bucket. */
export function requiredOnClaims(bucket: string): RequiredPermission[] {
  return [...on(`${bucket}/claim`, 's3:PutObject', 's3:GetObject', 's3:DeleteObject'), ...on(bucket, 's3:ListBucket')];
}

/** Lambda's and the function's calls to the upload queue. */
export function requiredOnUploadQueue(queue: string): RequiredPermission[] {
  const polling = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'];
  return on(queue, ...polling, 'sqs:GetQueueAttributes');
}

/** The function's calls to the dead-letter queue. */
export function requiredOnDeadLetterQueue(queue: string): RequiredPermission[] {
  return on(queue, 'sqs:SendMessage');
}

/** The function's calls to the secret of the API key. */
export function requiredOnSecret(secret: string): RequiredPermission[] {
  return on(secret, 'secretsmanager:GetSecretValue');
}

function on(resource: string, ...actions: readonly string[]): RequiredPermission[] {
  return actions.map((action) => ({ action, resource }));
}

/** Judges the function's role. @param refused permissions that it lacks. */
export function judgePermissions(refused: readonly RequiredPermission[]): Finding {
  const { right, wrong } = findingsOf('permissions');
  if (refused.length === 0) return right("The function's role has all required permissions");
  return wrong(
    `The function's role lacks ${refused.map(({ action, resource }) => `${action} on ${resource}`).join(', ')}`,
    deployAgain,
  );
}
