import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { outcomeTagPrefix, tagNames } from '../contract/outcome-tags';

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/**
 * Denies every way to write, change or remove an outcome in the tags of photo objects to all principals except the function.
 *
 * PutObjectTagging replaces the whole tag set, so a request can remove an outcome without naming its tags. That is why one
 * statement checks the tags of the request, and another the current tags of the object. The tags of a request include PUT's
 * tagging header and a POST form's tagging field (IAM's condition keys for S3, `s3:RequestObjectTagKeys`).
 * @param objects the ARN of the photo objects, which ends with `*`.
 * @param functionRole the ARN of the function's role.
 */
export function protectOutcomes(objects: string, functionRole: string): PolicyStatement[] {
  const deny = (sid: string, actions: readonly string[], conditions?: Conditions): PolicyStatement =>
    denyEveryone(sid, actions, objects, conditions);
  return [
    deny('OnlyTheFunctionWritesOutcomes', ['s3:PutObject', 's3:PutObjectTagging', 's3:PutObjectVersionTagging'], {
      ...except(functionRole),
      'ForAnyValue:StringLike': { 's3:RequestObjectTagKeys': `${outcomeTagPrefix}*` },
    }),
    deny(
      'OnlyTheFunctionChangesOutcomes',
      ['s3:PutObjectTagging', 's3:PutObjectVersionTagging', 's3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'],
      { ...except(functionRole), Null: { [`s3:ExistingObjectTag/${tagNames.status}`]: 'false' } },
    ),
    // A copy gets the tags of its source, and S3 documents no condition key for them.
    deny('NobodyCopiesTags', ['s3:PutObject'], { Null: { 's3:x-amz-copy-source': 'false' } }),
    deny('NobodyReplicatesTags', ['s3:ReplicateObject', 's3:ReplicateTags']),
  ];
}

/** Denies every way to write or delete claims to all principals except the function. Lifecycle rules need no permission. */
export function protectClaims(claims: string, functionRole: string): PolicyStatement[] {
  const actions = [
    'PutObject',
    'DeleteObject',
    'DeleteObjectVersion',
    'ReplicateObject',
    'ReplicateDelete',
    'ReplicateTags',
  ];
  return [
    denyEveryone(
      'OnlyTheFunctionWritesClaims',
      actions.map((action) => `s3:${action}`),
      claims,
      except(functionRole),
    ),
  ];
}

/**
 * Denies reading the API key to all principals except the function. Administrators can set the key but not read it. The resource
 * is `*`, because a replica of the secret in another region has the same policy and another ARN. Replication is denied too.
 */
export function protectApiKey(functionRole: string): PolicyStatement[] {
  return [
    denyEveryone('OnlyTheFunctionReadsTheKey', ['secretsmanager:GetSecretValue'], '*', except(functionRole)),
    denyEveryone('NobodyReplicatesTheKey', ['secretsmanager:ReplicateSecretToRegions'], '*'),
  ];
}

/**
 * Denies sending to a queue, and receiving, deleting and purging its messages, to all principals except the function, the
 * operators and AWS services. Lambda polls with the function's role. S3 and EventBridge call without a principal ARN; the Allow
 * statements of the queue's policy restrict them.
 * @param operators the ARNs of the operators' roles.
 */
export function protectQueue(queue: string, functionRole: string, operators: readonly string[]): PolicyStatement[] {
  const actions = ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:PurgeQueue'];
  return [
    denyEveryone('OnlyOperatorsUseTheQueue', actions, queue, {
      ...except(functionRole, ...operators),
      Bool: { 'aws:PrincipalIsAWSService': 'false' },
    }),
  ];
}

function except(...roles: readonly string[]): Conditions {
  return { ArnNotEquals: { 'aws:PrincipalArn': roles.length === 1 ? String(roles[0]) : roles } };
}

function denyEveryone(
  sid: string,
  actions: readonly string[],
  resource: string,
  conditions: Conditions = {},
): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: [...actions],
    resources: [resource],
    conditions,
  });
}
