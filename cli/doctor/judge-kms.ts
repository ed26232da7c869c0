import type { EncryptedResource, UsedKey } from './key-facts';
import { type Finding, findingsOf } from './finding';
import { accountOf } from '../policy/patterns';
import type { PolicyStatement } from '../policy/statement';
import { decide, type Decision, type PolicyRequest, type Principal } from '../policy/decide';

/** The stack's resources that call KMS, or that services call KMS for. */
export interface KeyUsers {
  readonly role: string;
  readonly region: string;
  readonly photoBucket: string;
  /** The rule of an existing bucket. */
  readonly ruleName: string | undefined;
  readonly logGroup: string | undefined;
  /** An alarm that notifies a topic. */
  readonly notifyingAlarm: string | undefined;
}

const [decrypt, generate] = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** The function's actions on the key of each resource. */
const actionsOnKeyOf = {
  photos: [decrypt],
  'the API key': [decrypt],
  claims: [decrypt, generate],
  'the upload queue': [decrypt],
  'the dead-letter queue': [decrypt, generate],
  'the queue of undelivered events': [],
} as const;

/** A resource that a customer managed key can encrypt. */
export type Encryptable = keyof typeof actionsOnKeyOf;

/** The function's actions on a key. */
export function actionsOf({ resources }: UsedKey): string[] {
  return [...new Set(resources.flatMap((resource) => actionsOnKeyOf[resource as Encryptable]))];
}

const check = 'KMS key';

/** Judges all keys, and names those that are not known. */
export function judgeKeys(
  resources: readonly EncryptedResource[],
  keys: readonly UsedKey[],
  users: KeyUsers | undefined,
): Finding[] {
  const { right, unchecked } = findingsOf(check);
  const unknown = resources.flatMap(([resource, { ...key }]) =>
    key.isKnown ? [] : [unchecked(`the key of ${resource}: ${key.because}`)],
  );
  const judged = [...keys.map((key) => judgeKey(key, users)), ...unknown];
  return judged.length > 0 ? judged : [right('No customer managed key is in use')];
}

function judgeKey(used: UsedKey, users: KeyUsers | undefined): Finding {
  const { right, wrong, unchecked } = findingsOf(check);
  const { key, resources, id } = used;
  const name = `${id.replace(/.*\//, '')} of ${resources.join(', ')}`;
  if (!key.isKnown) {
    return key.isMissing
      ? wrong(`${name} does not exist`, 'what it encrypted is lost. Deploy the stack again with another key')
      : unchecked(`${name}: ${key.because}`);
  }
  const { state, statements, arn } = key.value;
  if (state !== 'Enabled') return wrong(`${name} is ${state}: photos wait`, fixOfState(state, arn));
  if (!statements.isKnown) return unchecked(`${name} is enabled, but its policy is not known: ${statements.because}`);
  if (users === undefined) return unchecked(`${name} is enabled, but the function's role is not known`);

  const decided = callsOf(arn, used, users).map((call) => [call, decideOn(statements.value, call, users)] as const);
  const withDecision = (wanted: string): string[] =>
    decided.flatMap(([call, decision]) => (decision === wanted ? [`${nameOf(call.principal)} ${call.action}`] : []));
  const [denied, unknown] = [withDecision('denied'), withDecision('unknown')];
  if (denied.length > 0) {
    return wrong(
      `The policy of ${name} does not allow: ${denied.join(', ')}`,
      'add the statements in docs/security.md, section "KMS keys", to its policy',
    );
  }
  if (unknown.length > 0) {
    return unchecked(`the policy of ${name} has conditions that can't be evaluated here for: ${unknown.join(', ')}`);
  }
  return right(`${name} is enabled, and its policy allows what the stack needs`);
}

function fixOfState(state: string, arn: string): string {
  const enable = `\`aws kms enable-key --key-id ${arn}\``;
  if (state === 'Disabled') return `enable it: ${enable}`;
  if (state === 'PendingDeletion') return `keep it: \`aws kms cancel-key-deletion --key-id ${arn}\`, then ${enable}`;
  return 'see the key in the KMS console';
}

function nameOf(caller: Principal): string {
  return caller.kind === 'service' ? caller.name : "the function's role";
}

/** A statement for the account delegates to the role's own policies. The check of permissions judges those. */
function decideOn(statements: readonly PolicyStatement[], call: PolicyRequest, { role }: KeyUsers): Decision {
  const identity = [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }];
  return decide(call, { accountId: accountOf(role) ?? '', identity, resource: statements });
}

/** The calls to a key that its policy must allow. */
function callsOf(keyArn: string, used: UsedKey, users: KeyUsers): PolicyRequest[] {
  const { role, region, photoBucket, ruleName, logGroup, notifyingAlarm } = users;
  const [, partition = 'aws', , , account = ''] = role.split(':');
  const call = (principal: Principal, context: Readonly<Record<string, string>>, actions: readonly string[]) =>
    actions.map((action): PolicyRequest => {
      const values = new Map(Object.entries(context));
      const valuesOf = (key: string): string[] | undefined => (values.has(key) ? [values.get(key) ?? ''] : undefined);
      return { principal, action, resource: keyArn, valuesOf };
    });
  const ofRole = call({ kind: 'role', arn: role }, { 'kms:calleraccount': account }, actionsOf(used));
  // One key encrypts everything except photos and an existing secret, so the queue's key is that of the log and the topic.
  if (!used.resources.includes('the upload queue' satisfies Encryptable)) return ofRole;

  const arnOf = (service: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const byService = (service: string, sourceArn: string): PolicyRequest[] =>
    call({ kind: 'service', name: service }, { 'aws:sourceaccount': account, 'aws:sourcearn': sourceArn }, [
      decrypt,
      generate,
    ]);
  const sender =
    ruleName === undefined
      ? byService('s3.amazonaws.com', `arn:${partition}:s3:::${photoBucket}`)
      : byService('events.amazonaws.com', arnOf('events', `rule/${ruleName}`));
  const logs = call(
    { kind: 'service', name: `logs.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}` },
    logGroup === undefined ? {} : { 'kms:encryptioncontext:aws:logs:arn': arnOf('logs', `log-group:${logGroup}`) },
    ['kms:Encrypt', decrypt, generate],
  );
  const alarms =
    notifyingAlarm === undefined
      ? []
      : byService('cloudwatch.amazonaws.com', arnOf('cloudwatch', `alarm:${notifyingAlarm}`));
  return [...ofRole, ...sender, ...logs, ...alarms];
}
