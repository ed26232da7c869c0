import { type Finding, findingsOf, deployAgain } from './finding';

/** An action, and what on. */
export interface NeededPermission {
  readonly action: string;
  readonly resource: string;
}

/** What the function works with, by ARN. */
export interface FunctionResources {
  readonly photoBucket: string;
  /** What the keys of photo objects begin with. */
  readonly keyPrefix: string;
  readonly claimsBucket: string;
  readonly uploadQueue: string;
  readonly deadLetterQueue: string;
  readonly secret: string;
  readonly eventBus: string;
}

/** What the function's role has to allow; what the photos' encryption, logs and traces take is not among it. */
export function neededPermissions({
  photoBucket,
  keyPrefix,
  claimsBucket,
  uploadQueue,
  deadLetterQueue,
  secret,
  eventBus,
}: FunctionResources): NeededPermission[] {
  const on = (resource: string, ...actions: readonly string[]): NeededPermission[] =>
    actions.map((action) => ({ action, resource }));
  return [
    ...on(
      `${photoBucket}/${keyPrefix}photo`,
      ...['s3:GetObject', 's3:GetObjectTagging', 's3:PutObjectTagging'],
      ...['s3:GetObjectVersion', 's3:GetObjectVersionTagging', 's3:PutObjectVersionTagging'],
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
  ];
}

/** Judges the function's role. @param refused what it was found not to allow. */
export function judgePermissions(refused: readonly NeededPermission[]): Finding {
  const { right, wrong } = findingsOf('permissions');
  if (refused.length === 0) return right("The function's role allows what the function does");
  return wrong(
    `The function's role lacks ${refused.map(({ action, resource }) => `${action} on ${resource}`).join(', ')}`,
    deployAgain,
  );
}
