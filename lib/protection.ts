import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { outcomeTagPrefix, tagNames } from '../contract/outcome-tags';

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
type Deny = (sid: string, actions: readonly string[], conditions?: Conditions) => PolicyStatement;

/** The roles that may tag photo objects with an outcome, by their ARNs. */
export interface Taggers {
  /** One, or those of all uploaders that share an existing bucket. */
  readonly functionRoles: readonly string[];
  /** They may write other tags, but must repeat the current outcome tags. */
  readonly trusted: readonly string[];
}

const puttingTags = ['s3:PutObjectTagging', 's3:PutObjectVersionTagging'];
const deletingTags = ['s3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'];
const inRequest = { 'ForAnyValue:StringLike': { 's3:RequestObjectTagKeys': `${outcomeTagPrefix}*` } };
const onOutcome = { Null: { [`s3:ExistingObjectTag/${tagNames.status}`]: 'false' } };
const withoutOutcome = { Null: { [`s3:ExistingObjectTag/${tagNames.status}`]: 'true' } };

/**
 * Denies every way to write, change or remove an outcome in the tags of photo objects to all principals except the function.
 *
 * PutObjectTagging replaces the whole tag set, so a request can remove an outcome without naming its tags. That is why some
 * statements check the tags of the request, and others the current tags of the object. The tags of a request include PUT's
 * tagging header and a POST form's tagging field (IAM's condition keys for S3, `s3:RequestObjectTagKeys`).
 * @param bucket the bucket's ARN.
 */
export function protectOutcomes(bucket: string, { functionRoles, trusted }: Taggers): PolicyStatement[] {
  const deny: Deny = (sid, actions, conditions) => denyEveryone(sid, actions, `${bucket}/*`, conditions);
  const exceptTaggers = except(...functionRoles, ...trusted);
  return [
    deny('OnlyTheFunctionCreatesOutcomes', ['s3:PutObject'], { ...except(...functionRoles), ...inRequest }),
    deny('OnlyTheFunctionWritesOutcomes', puttingTags, { ...exceptTaggers, ...inRequest }),
    deny('OnlyTheFunctionChangesOutcomes', puttingTags, { ...exceptTaggers, ...onOutcome }),
    deny('OnlyTheFunctionRemovesOutcomes', deletingTags, { ...except(...functionRoles), ...onOutcome }),
    ...(trusted.length === 0 ? [] : restrictTaggers(deny, trusted)),
    // A copy gets the tags of its source, and S3 documents no condition key for them.
    deny('NobodyCopiesTags', ['s3:PutObject'], { Null: { 's3:x-amz-copy-source': 'false' } }),
    deny('NobodyReplicatesTags', ['s3:ReplicateObject', 's3:ReplicateTags']),
    keepBucket(bucket),
  ];
}

/** Denies trusted taggers a tag set that adds, changes or removes a tag of an outcome. */
function restrictTaggers(deny: Deny, trusted: readonly string[]): PolicyStatement[] {
  const byTrusted = { ArnEquals: { 'aws:PrincipalArn': trusted } };
  const tags = Object.values(tagNames).map((tag) => ({
    name: tag.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    isStatus: tag === tagNames.status,
    current: `s3:ExistingObjectTag/${tag}`,
    requested: `s3:RequestObjectTag/${tag}`,
  }));
  return [
    deny('TaggersDontCreateOutcomes', puttingTags, { ...byTrusted, ...inRequest, ...withoutOutcome }),
    // Every outcome has a status already.
    ...tags
      .filter(({ isStatus }) => !isStatus)
      .map(({ name, current, requested }) =>
        deny(`TaggersDontAdd${name}`, puttingTags, { ...byTrusted, Null: { [current]: 'true', [requested]: 'false' } }),
      ),
    ...tags.map(({ name, current, requested }) =>
      deny(`TaggersDontChange${name}`, puttingTags, {
        ...byTrusted,
        Null: { [current]: 'false' },
        // A tag that the request does not have is different too.
        StringNotEquals: { [requested]: `\${${current}}` },
      }),
    ),
  ];
}

/**
 * Denies every way to write or delete claims to all principals except the function. Lifecycle rules need no permission.
 * @param bucket the ARN of the claims bucket.
 */
export function protectClaims(bucket: string, functionRole: string): PolicyStatement[] {
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
      `${bucket}/*`,
      except(functionRole),
    ),
    keepBucket(bucket),
  ];
}

/**
 * Denies deleting a bucket: a bucket that is created again under its name has no policy. CloudFormation retains the buckets of the
 * stack, and deletes their policies when the stack is deleted.
 */
function keepBucket(bucket: string): PolicyStatement {
  return denyEveryone('NobodyDeletesTheBucket', ['s3:DeleteBucket'], bucket);
}

/**
 * Denies reading the API key to all principals except the functions that use it. Administrators can set the key but not read it.
 * The resource is `*`, because a replica of the secret in another region has the same policy and another ARN. Replication is
 * denied too.
 */
export function protectApiKey(functionRoles: readonly string[]): PolicyStatement[] {
  return [
    denyEveryone('OnlyTheFunctionReadsTheKey', ['secretsmanager:GetSecretValue'], '*', except(...functionRoles)),
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
  return { ArnNotEquals: { 'aws:PrincipalArn': roles } };
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
