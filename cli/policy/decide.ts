import { matchConditions, type ValuesOf } from './conditions';
import { every, type Match, matchIf, some } from './match';
import { accountOf, isArnLike, isLike, toList } from './patterns';
import type { PolicyStatement } from './statement';

/** The caller. An anonymous caller has no credentials. */
export type Principal =
  | { readonly kind: 'role'; readonly arn: string }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'anonymous' };

/** One call, as IAM evaluates it. */
export interface PolicyRequest {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  /** The values of condition keys, except those of the principal's ARN, account and kind. */
  readonly valuesOf: ValuesOf;
}

/** The policies for a request. */
export interface Policies {
  /** The account of the resource. */
  readonly accountId: string;
  /** The calling role's statements. */
  readonly identity?: readonly PolicyStatement[];
  /** The requested resource's statements. */
  readonly resource?: readonly PolicyStatement[];
}

/** `unknown`: it depends on an element or a condition that can't be evaluated here. */
export type Decision = 'allowed' | 'denied' | 'unknown';

/**
 * Whether IAM allows a request (IAM user guide, "Policy evaluation logic"). A Deny always wins. Within an account, an Allow in
 * the identity's or the resource's policy is enough. A role of another account requires both. A key's policy must always allow
 * a call: itself, or by delegation to the account (KMS developer guide, "Key policies").
 */
export function decide(request: PolicyRequest, { accountId, identity = [], resource = [] }: Policies): Decision {
  const { principal, action } = request;
  const matchIdentity = (effect: string): Match =>
    principal.kind === 'role'
      ? some(identity.filter(({ Effect }) => Effect === effect).map((one) => matchCall(one, request)))
      : 'no';
  const matchResource = (effect: string, matchPrincipal: typeof matchNamed): Match =>
    some(
      resource
        .filter(({ Effect }) => Effect === effect)
        .map((one) => every([matchPrincipal(one, principal), matchCall(one, request)])),
    );
  const denial = some([matchIdentity('Deny'), matchResource('Deny', matchNamed), matchResource('Deny', matchAccount)]);
  const own = matchIdentity('Allow');
  const granted = matchResource('Allow', matchNamed);
  const delegated = every([own, matchResource('Allow', matchAccount)]);
  const isForeign = principal.kind === 'role' && accountOf(principal.arn) !== accountId;
  const withinAccount = action.startsWith('kms:') ? delegated : own;
  const grant = isForeign ? some([every([own, granted]), delegated]) : some([granted, withinAccount]);

  if (denial === 'yes' || grant === 'no') return 'denied';
  return denial === 'unknown' || grant === 'unknown' ? 'unknown' : 'allowed';
}

const knownElements: ReadonlySet<string> = new Set([
  ...['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
]);

/** Whether a statement is about the action and the resource of a call, and its conditions are met. */
function matchCall(statement: PolicyStatement, request: PolicyRequest): Match {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  // IAM ignores the case of actions (IAM reference, "Action").
  const isAction = (pattern: string): boolean => isLike(pattern.toLowerCase(), request.action.toLowerCase());
  const isResource = (pattern: string): boolean => isArnLike(pattern, request.resource);
  const isForAction = NotAction === undefined ? toList(Action ?? []).some(isAction) : !toList(NotAction).some(isAction);
  const isForResource =
    NotResource === undefined ? toList(Resource ?? '*').some(isResource) : !toList(NotResource).some(isResource);
  if (!isForAction || !isForResource) return 'no';
  return every([
    Object.keys(statement).every((element) => knownElements.has(element)) ? 'yes' : 'unknown',
    matchConditions(Condition, (key) => valuesOf(key, request)),
  ]);
}

/** Whether a statement names the caller, or everyone. */
function matchNamed({ Principal: named, NotPrincipal, Effect }: PolicyStatement, caller: Principal): Match {
  if (NotPrincipal !== undefined || named === undefined) return 'unknown';
  const matchOne = (kind: string, value: string): Match => {
    // IAM's documentation does not say whether everyone includes services.
    if (kind === 'AWS' && value === '*') return caller.kind === 'service' && Effect === 'Allow' ? 'unknown' : 'yes';
    if (kind === 'AWS') return matchIf(caller.kind === 'role' && caller.arn === value);
    if (kind === 'Service') return matchIf(caller.kind === 'service' && caller.name === value);
    return 'unknown';
  };
  return some(principalsOf(named).map(([kind, value]) => matchOne(kind, value)));
}

/** Whether a statement names the caller's account: then its roles may call if their own policies allow it. */
function matchAccount({ Principal: named }: PolicyStatement, caller: Principal): Match {
  const account = caller.kind === 'role' ? accountOf(caller.arn) : undefined;
  return matchIf(
    account !== undefined &&
      principalsOf(named ?? {}).some(([kind, value]) => kind === 'AWS' && accountIn(value) === account),
  );
}

/** The principals of a statement: kind and value. */
export function principalsOf(named: unknown): (readonly [kind: string, value: string])[] {
  if (typeof named === 'string') return [['AWS', named]];
  return Object.entries((named ?? {}) as Readonly<Record<string, string | readonly string[]>>).flatMap(
    ([kind, values]) => toList(values).map((value) => [kind, value] as const),
  );
}

/** The account that a principal stands for. Undefined: it is a role, a user or everyone. */
export function accountIn(principal: string): string | undefined {
  return /^(?:arn:[^:]*:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
}

/** The values of a condition key, in lower case. */
function valuesOf(key: string, { principal, valuesOf: given }: PolicyRequest): readonly string[] | undefined {
  const isOf = (name: string): boolean => key === `aws:${name}`;
  if (isOf('principalarn')) return principal.kind === 'role' ? [principal.arn] : [];
  // An anonymous request does not have the key (IAM reference, "Global condition context keys").
  if (isOf('principalisawsservice'))
    return principal.kind === 'anonymous' ? [] : [String(principal.kind === 'service')];
  if (isOf('principalaccount')) return principal.kind === 'role' ? toList(accountOf(principal.arn) ?? []) : [];
  if (isOf('principalservicename')) return principal.kind === 'service' ? [principal.name] : [];
  // Services and anonymous callers belong to no organization.
  if (isOf('principalorgid') && principal.kind !== 'role') return [];
  return given(key);
}
