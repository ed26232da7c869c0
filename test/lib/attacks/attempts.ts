import type { AccessRequest } from '../policy-evaluator';

export type Context = NonNullable<AccessRequest['context']>;
/**
 * Who tries it: a role of the account that may do everything in the action's service, the function, a trusted tagger or an
 * operator with the same permissions, or the service that sends events to the upload queue.
 */
export type Who = 'administrator' | 'function' | 'trusted tagger' | 'operator' | 'sender of events';
/** The resource. */
export type What =
  | ('photo' | 'photo outside the prefix' | 'photo bucket' | 'claim' | 'tombstone' | 'evidence' | 'claims bucket')
  | ('API key' | 'replica of the API key' | 'upload queue' | 'dead-letter queue' | 'undelivered-events queue')
  | ('rule' | 'function' | 'role');
/** Denied by a policy; allowed; or allowed, but an event of CloudTrail shows it. */
export type Expected = 'denied' | 'allowed' | 'detected';
export type Attempt = readonly [who: Who, action: string, on: What, context: Context, expected: Expected];

const tagged = { 's3:ExistingObjectTag/complycube-status': 'rejected' };
const writing = (...keys: string[]): Context => ({ 's3:RequestObjectTagKeys': keys });
const outcome = { 'complycube-status': 'uploaded', 'complycube-live-photo-id': '0123' };
const rejection = { 'complycube-status': 'rejected', 'complycube-rejection': 'refused-by-complycube' };
const refusal = { ...rejection, 'complycube-message': 'No face' };
/** The condition keys of a request that replaces an object's tags. */
const tagging = (
  requested: Readonly<Record<string, string>>,
  current: Readonly<Record<string, string>> = {},
): Context => {
  const keysOf = (kind: string, tags: Readonly<Record<string, string>>): Context =>
    Object.fromEntries(Object.entries(tags).map(([name, value]) => [`s3:${kind}ObjectTag/${name}`, value]));
  return { ...writing(...Object.keys(requested)), ...keysOf('Request', requested), ...keysOf('Existing', current) };
};
const copying = { 's3:x-amz-copy-source': '/bucket-of-the-attacker/a.jpg' };

/** What depends on the settings of the stack. */
export interface Settings {
  readonly areOperatorsNamed: boolean;
  readonly areTaggersTrusted: boolean;
  /** EventBridge sends the events of an existing bucket. Otherwise S3 sends those of the stack's bucket. */
  readonly hasRule: boolean;
}

/** The table of attacks, and of what must work. */
export function attemptsWith({ areOperatorsNamed, areTaggersTrusted, hasRule }: Settings): Attempt[] {
  const queues = [
    'upload queue',
    'dead-letter queue',
    ...(hasRule ? ['undelivered-events queue' as const] : []),
  ] as const;
  return [
    ...always,
    ...queues.flatMap((queue) => ofQueue(queue, areOperatorsNamed)),
    ...(areTaggersTrusted ? ofTrustedTaggers : []),
    ...(hasRule ? ofRule : []),
  ];
}

const always: readonly Attempt[] = [
  // Tags that forge an outcome.
  ['administrator', 's3:PutObject', 'photo', writing('complycube-status'), 'denied'],
  ['administrator', 's3:PutObject', 'photo outside the prefix', writing('complycube-status'), 'denied'],
  ['administrator', 's3:PutObjectTagging', 'photo', writing('album', 'complycube-live-photo-id'), 'denied'],
  ['administrator', 's3:PutObjectTagging', 'photo outside the prefix', writing('complycube-status'), 'denied'],
  ['administrator', 's3:PutObjectVersionTagging', 'photo', writing('complycube-rejection'), 'denied'],
  ['administrator', 's3:PutObject', 'photo', copying, 'denied'],
  ['administrator', 's3:PutObject', 'photo', { ...copying, ...writing('complycube-status') }, 'denied'],
  ['administrator', 's3:PutObject', 'photo outside the prefix', copying, 'denied'],
  ['administrator', 's3:ReplicateObject', 'photo', {}, 'denied'],
  ['administrator', 's3:ReplicateTags', 'photo', {}, 'denied'],
  ['function', 's3:PutObjectVersionTagging', 'photo', writing('complycube-status'), 'allowed'],
  // Tags that remove an outcome or change it.
  ['administrator', 's3:PutObjectTagging', 'photo', { ...tagged, ...writing('album') }, 'denied'],
  ['administrator', 's3:PutObjectVersionTagging', 'photo', tagged, 'denied'],
  ['administrator', 's3:DeleteObjectTagging', 'photo', tagged, 'denied'],
  ['administrator', 's3:DeleteObjectVersionTagging', 'photo outside the prefix', tagged, 'denied'],
  ['function', 's3:PutObjectTagging', 'photo', { ...tagged, ...writing('complycube-status') }, 'allowed'],
  ['administrator', 's3:PutObjectTagging', 'photo', tagging({ ...outcome, scan: 'clean' }, outcome), 'denied'],
  // What apps do.
  ['administrator', 's3:PutObject', 'photo', {}, 'allowed'],
  ['administrator', 's3:PutObject', 'photo', writing('album'), 'allowed'],
  ['administrator', 's3:PutObjectTagging', 'photo', writing('album'), 'allowed'],
  ['administrator', 's3:DeleteObject', 'photo', {}, 'allowed'],
  ['administrator', 's3:DeleteObjectVersion', 'photo', {}, 'allowed'],
  // A claim names the live photo of an unfinished attempt.
  ['administrator', 's3:PutObject', 'claim', {}, 'denied'],
  ['administrator', 's3:PutObject', 'claim', copying, 'denied'],
  ['administrator', 's3:DeleteObject', 'claim', {}, 'denied'],
  ['administrator', 's3:DeleteObjectVersion', 'claim', {}, 'denied'],
  ['administrator', 's3:ReplicateObject', 'claim', {}, 'denied'],
  ['administrator', 's3:ReplicateDelete', 'claim', {}, 'denied'],
  ['administrator', 's3:ReplicateTags', 'claim', {}, 'denied'],
  ['administrator', 's3:GetObject', 'claim', {}, 'allowed'],
  ['function', 's3:PutObject', 'claim', {}, 'allowed'],
  ['function', 's3:DeleteObject', 'claim', {}, 'allowed'],
  // Without its tombstone, an erased photo could be uploaded again. Evidence must not be forged.
  ...(['tombstone', 'evidence'] as const).flatMap((record) => [
    ...(['administrator', 'operator', 'trusted tagger'] as const).flatMap((who) =>
      ['PutObject', 'DeleteObject', 'DeleteObjectVersion', 'ReplicateObject', 'ReplicateDelete'].map(
        (action): Attempt => [who, `s3:${action}`, record, {}, 'denied'],
      ),
    ),
    ['operator', 's3:GetObject', record, {}, 'allowed'] satisfies Attempt,
    ['function', 's3:PutObject', record, {}, 'allowed'] satisfies Attempt,
    ['function', 's3:GetObject', record, {}, 'allowed'] satisfies Attempt,
  ]),
  // The tag of an erasure. Only the function writes it, and an operator deletes the version afterwards.
  ['operator', 's3:PutObjectVersionTagging', 'photo', writing('complycube-status'), 'denied'],
  ['operator', 's3:DeleteObjectVersion', 'photo', {}, 'allowed'],
  ['function', 's3:DeleteObjectVersion', 'photo', {}, 'denied'],
  ['function', 's3:DeleteObject', 'photo', {}, 'denied'],
  // The request of an erasure is a message in the upload queue, and `ofQueue` says who can send one.
  ['function', 'sqs:SendMessage', 'upload queue', {}, 'denied'],
  // The API key.
  ['administrator', 'secretsmanager:GetSecretValue', 'API key', {}, 'denied'],
  ['administrator', 'secretsmanager:GetSecretValue', 'replica of the API key', {}, 'denied'],
  ['administrator', 'secretsmanager:ReplicateSecretToRegions', 'API key', {}, 'denied'],
  ['function', 'secretsmanager:ReplicateSecretToRegions', 'API key', {}, 'denied'],
  ['function', 'secretsmanager:GetSecretValue', 'API key', {}, 'allowed'],
  // The queues.
  ['function', 'sqs:ReceiveMessage', 'upload queue', {}, 'allowed'],
  ['function', 'sqs:DeleteMessage', 'upload queue', {}, 'allowed'],
  ['function', 'sqs:SendMessage', 'dead-letter queue', {}, 'allowed'],
  // Nobody can be denied to change a policy: CloudFormation must be able to, with a role that the stack does not know.
  ...(['photo bucket', 'claims bucket'] as const).flatMap((bucket): Attempt[] => [
    ['administrator', 's3:PutBucketPolicy', bucket, {}, 'detected'],
    ['administrator', 's3:DeleteBucketPolicy', bucket, {}, 'detected'],
    // A rule deletes photos and their tags, or claims, tombstones and evidence. It needs no permission.
    ['administrator', 's3:PutLifecycleConfiguration', bucket, {}, 'detected'],
    // Without versions, an overwritten photo gets the outcome of the former bytes.
    ['administrator', 's3:PutBucketVersioning', bucket, {}, 'detected'],
    ['administrator', 's3:PutBucketNotification', bucket, {}, 'detected'],
    // S3 refuses ACLs until the ownership controls enable them.
    ['administrator', 's3:PutBucketOwnershipControls', bucket, {}, 'detected'],
    // A bucket that is created again under the same name has no policy.
    ['administrator', 's3:DeleteBucket', bucket, {}, 'denied'],
    ['operator', 's3:DeleteBucket', bucket, {}, 'denied'],
    ['function', 's3:DeleteBucket', bucket, {}, 'denied'],
  ]),
  ['administrator', 'secretsmanager:PutResourcePolicy', 'API key', {}, 'detected'],
  ['administrator', 'secretsmanager:DeleteResourcePolicy', 'API key', {}, 'detected'],
  ['administrator', 'secretsmanager:PutSecretValue', 'API key', {}, 'detected'],
  ['administrator', 'secretsmanager:UpdateSecret', 'API key', {}, 'detected'],
  ['administrator', 'secretsmanager:UpdateSecretVersionStage', 'API key', {}, 'detected'],
  // A secret that is created again under the same name has no policy.
  ['administrator', 'secretsmanager:DeleteSecret', 'API key', {}, 'detected'],
  ['administrator', 'secretsmanager:CreateSecret', 'API key', {}, 'detected'],
  // Another way to act as the function.
  ['administrator', 'lambda:UpdateFunctionCode', 'function', {}, 'detected'],
  ['administrator', 'lambda:UpdateFunctionConfiguration', 'function', {}, 'detected'],
  // With `iam:PassRole`.
  ['administrator', 'lambda:CreateFunction', 'role', {}, 'detected'],
  ['administrator', 'iam:UpdateAssumeRolePolicy', 'role', {}, 'detected'],
  // A role that is created again under the same name has the same ARN.
  ['administrator', 'iam:DeleteRole', 'role', {}, 'detected'],
  ['administrator', 'iam:CreateRole', 'role', {}, 'detected'],
];

const ofTrustedTaggers: readonly Attempt[] = [
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging({ scan: 'clean' }), 'allowed'],
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging({ ...outcome, scan: 'clean' }, outcome), 'allowed'],
  ['trusted tagger', 's3:PutObjectVersionTagging', 'photo', tagging({ ...outcome, scan: 'clean' }, outcome), 'allowed'],
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging({ scan: 'clean' }, outcome), 'denied'],
  ['trusted tagger', 's3:PutObjectVersionTagging', 'photo', tagging({}, outcome), 'denied'],
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging(outcome), 'denied'],
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging({ 'complycube-live-photo-id': 'a' }), 'denied'],
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging({ 'complycube-other': 'a' }), 'denied'],
  [
    'trusted tagger',
    's3:PutObjectVersionTagging',
    'photo',
    tagging({ scan: 'clean', 'complycube-other': 'a' }),
    'denied',
  ],
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging({ scan: 'clean' }, { scan: 'pending' }), 'allowed'],
  // IAM can't tell this tag from those that the request must repeat. The function ignores it.
  [
    'trusted tagger',
    's3:PutObjectTagging',
    'photo',
    tagging({ ...outcome, 'complycube-other': 'a' }, outcome),
    'allowed',
  ],
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging({ 'complycube-status': 'rejected' }, outcome), 'denied'],
  [
    'trusted tagger',
    's3:PutObjectTagging',
    'photo',
    tagging({ ...outcome, 'complycube-live-photo-id': 'another' }, outcome),
    'denied',
  ],
  [
    'trusted tagger',
    's3:PutObjectVersionTagging',
    'photo',
    tagging({ ...outcome, 'complycube-rejection': 'too-small' }, outcome),
    'denied',
  ],
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging({ ...refusal, scan: 'clean' }, refusal), 'allowed'],
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging(rejection, refusal), 'denied'],
  [
    'trusted tagger',
    's3:PutObjectTagging',
    'photo',
    tagging({ ...rejection, 'complycube-message': 'Another' }, refusal),
    'denied',
  ],
  ['trusted tagger', 's3:PutObjectTagging', 'photo', tagging(refusal, rejection), 'denied'],
  ['trusted tagger', 's3:DeleteObjectTagging', 'photo', tagging({}, outcome), 'denied'],
  ['trusted tagger', 's3:DeleteObjectVersionTagging', 'photo', tagging({}, outcome), 'denied'],
  ['trusted tagger', 's3:DeleteObjectTagging', 'photo', {}, 'allowed'],
  ['trusted tagger', 's3:PutObject', 'photo', tagging(outcome), 'denied'],
];

/** With a rule, S3's events are diverted or lost if it changes. */
const ofRule: readonly Attempt[] = ['PutRule', 'DisableRule', 'DeleteRule', 'PutTargets', 'RemoveTargets'].map(
  (action) => ['administrator', `events:${action}`, 'rule', {}, 'detected'],
);

type QueueName = Extract<What, `${string} queue`>;

function ofQueue(queue: QueueName, areOperatorsNamed: boolean): Attempt[] {
  const using = ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:PurgeQueue'];
  const changing = ['sqs:SetQueueAttributes', 'sqs:AddPermission', 'sqs:RemovePermission', 'sqs:DeleteQueue'];
  return [
    ...using.flatMap((action): Attempt[] => [
      ['administrator', action, queue, {}, areOperatorsNamed ? 'denied' : 'allowed'],
      ['operator', action, queue, {}, 'allowed'],
    ]),
    ...changing.map((action): Attempt => ['administrator', action, queue, {}, 'detected']),
    ['sender of events', 'sqs:SendMessage', queue, {}, queue === 'dead-letter queue' ? 'denied' : 'allowed'],
    ['sender of events', 'sqs:ReceiveMessage', queue, {}, 'denied'],
    ['function', 'sqs:PurgeQueue', queue, {}, 'denied'],
  ];
}
