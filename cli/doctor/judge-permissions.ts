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
export function requiredPermissions({
  photoBucket,
  keyPrefixes,
  claimsBucket,
  uploadQueue,
  deadLetterQueue,
  secret,
  eventBus,
  kmsKeys,
}: FunctionResources): RequiredPermission[] {
  const on = (resource: string, ...actions: readonly string[]): RequiredPermission[] =>
    actions.map((action) => ({ action, resource }));
  return [
    ...keyPrefixes.flatMap((prefix) =>
      on(
        `${photoBucket}/${prefix}photo`,
        ...['s3:GetObject', 's3:GetObjectTagging', 's3:PutObjectTagging'],
        ...['s3:GetObjectVersion', 's3:GetObjectVersionTagging', 's3:PutObjectVersionTagging'],
      ),
    ),
    ...on(photoBucket, 's3:ListBucket'),
    ...on(`${claimsBucket}/claim`, 's3:PutObject', 's3:GetObject', 's3:DeleteObject'),
    ...on(claimsBucket, 's3:ListBucket'),
    ...on(
      uploadQueue,
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:ChangeMessageVisibility',
      'sqs:GetQueueAttributes',
    ),
    ...on(deadLetterQueue, 'sqs:SendMessage'),
    ...on(secret, 'secretsmanager:GetSecretValue'),
    ...on(eventBus, 'events:PutEvents'),
    ...kmsKeys.flatMap(({ arn, actions }) => on(arn, ...actions)),
  ];
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
