import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { outcomeTagPrefix, tagNames } from '../contract/outcome-tags';

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** The roles that may tag photo objects with an outcome, by their ARNs. */
export interface Taggers {
  readonly functionRole: string;
  /** They may write other tags, but must repeat the current outcome tags. */
  readonly trusted: readonly string[];
}

const puttingTags = ['s3:PutObjectTagging', 's3:PutObjectVersionTagging'];
const deletingTags = ['s3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'];
const inRequest = { 'ForAnyValue:StringLike': { 's3:RequestObjectTagKeys': `${outcomeTagPrefix}*` } };
const onObject = { Null: { [`s3:ExistingObjectTag/${tagNames.status}`]: 'false' } };

/**
 * Denies every way to write, change or remove an outcome in the tags of photo objects to all principals except the function.
 *
 * PutObjectTagging replaces the whole tag set, so a request can remove an outcome without naming its tags. That is why some
 * statements check the tags of the request, and others the current tags of the object. The tags of a request include PUT's
 * tagging header and a POST form's tagging field (IAM's condition keys for S3, `s3:RequestObjectTagKeys`).
 * @param objects the ARN of the photo objects, which ends with `*`.
 */
export function protectOutcomes(objects: string, { functionRole, trusted }: Taggers): PolicyStatement[] {
  const deny = (sid: string, actions: readonly string[], conditions?: Conditions): PolicyStatement =>
    denyEveryone(sid, actions, objects, conditions);
  return [
    deny('OnlyTheFunctionCreatesOutcomes', ['s3:PutObject'], { ...except(functionRole), ...inRequest }),
    deny('OnlyTheFunctionWritesOutcomes', puttingTags, { ...except(functionRole, ...trusted), ...inRequest }),
    deny('OnlyTheFunctionChangesOutcomes', puttingTags, { ...except(functionRole, ...trusted), ...onObject }),
    deny('OnlyTheFunctionRemovesOutcomes', deletingTags, { ...except(functionRole), ...onObject }),
    ...(trusted.length === 0 ? [] : Object.values(tagNames).flatMap((tag) => keepTag(deny, tag, trusted))),
    // A copy gets the tags of its source, and S3 documents no condition key for them.
    deny('NobodyCopiesTags', ['s3:PutObject'], { Null: { 's3:x-amz-copy-source': 'false' } }),
    deny('NobodyReplicatesTags', ['s3:ReplicateObject', 's3:ReplicateTags']),
  ];
}

/** Denies trusted taggers a tag set that adds, changes or removes this tag. */
function keepTag(
  deny: (sid: string, actions: readonly string[], conditions: Conditions) => PolicyStatement,
  tag: string,
  trusted: readonly string[],
): PolicyStatement[] {
  const [current, requested] = [`s3:ExistingObjectTag/${tag}`, `s3:RequestObjectTag/${tag}`];
  const byTrusted = { ArnEquals: { 'aws:PrincipalArn': trusted } };
  const name = tag.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return [
    deny(`TaggersDontAdd${name}`, puttingTags, { ...byTrusted, Null: { [current]: 'true', [requested]: 'false' } }),
    // A tag that the request does not have is different too.
    deny(`TaggersDontChange${name}`, puttingTags, {
      ...byTrusted,
      Null: { [current]: 'false' },
      StringNotEquals: { [requested]: `\${${current}}` },
    }),
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
