import { accountIn, type PolicyRequest, type Principal, principalsOf } from '../policy/decide';
import { accountOf, toList } from '../policy/patterns';
import type { PolicyStatement } from '../policy/statement';
import type { RequiredPermission } from './judge-permissions';

/** A call that the policy of a resource must allow or deny. Calling roles may do everything by their own policies. */
export interface ExpectedCall {
  readonly request: PolicyRequest;
  readonly expected: 'allowed' | 'denied';
  /** What is wrong if the policy decides otherwise. */
  readonly problem: string;
  /** What the finding adds to the problem: the action, and a role that the policy names. */
  readonly detail: string;
}

/** Condition keys and their values. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** A role, and how a policy names it: by its ARN, a pattern or its account. */
export interface NamedRole {
  readonly arn: string;
  /** Undefined: the policy does not name it. */
  readonly namedAs: string | undefined;
}

/** The default condition keys: a request over TLS that creates an object, and that no service makes for the caller. */
const common: Context = {
  'aws:SecureTransport': 'true',
  'aws:ViaAWSService': 'false',
  's3:TlsVersion': '1.3',
  's3:ObjectCreationOperation': 'true',
  's3:if-none-match': '*',
};

/** The keys of outcome tags and copies, which a request has only if its context lists them. Other keys are not known. */
const absentByDefault = /^s3:(requestobjecttagkeys$|(request|existing)objecttag\/complycube-|x-amz-copy-source$)/;
/** The keys that only requests of services have. */
const ofServices = /^aws:source(arn|account)$/;

/** A call with these condition keys. */
export function callBy(principal: Principal, action: string, resource: string, context: Context = {}): PolicyRequest {
  const known = new Map(
    Object.entries({ ...common, ...context }).map(([key, values]) => [key.toLowerCase(), toList(values)]),
  );
  const isAbsent = (key: string): boolean =>
    absentByDefault.test(key) || (principal.kind !== 'service' && ofServices.test(key));
  return { principal, action, resource, valuesOf: (key) => known.get(key) ?? (isAbsent(key) ? [] : undefined) };
}

/** Calls of the function that the policy must not deny. */
export function callsOfFunction(
  role: string,
  required: readonly RequiredPermission[],
  contextsOf: (action: string) => readonly Context[] = () => [{}],
): ExpectedCall[] {
  return required.flatMap(({ action, resource }) =>
    contextsOf(action).map((context) => ({
      request: callBy({ kind: 'role', arn: role }, action, resource, context),
      expected: 'allowed' as const,
      problem: 'The function is denied',
      detail: action,
    })),
  );
}

/** An account that has nothing to do with the stack. */
export const strangeAccount = '999999999999';

/** Calls of anonymous callers and of any AWS account. */
export function callsOfEveryone(
  functionRole: string,
  actions: readonly string[],
  resource: string,
  context: Context = {},
): ExpectedCall[] {
  const others = { 'aws:PrincipalOrgID': 'o-0000000000', 'aws:SourceVpce': 'vpce-0', 'aws:SourceVpc': 'vpc-0' };
  const strangers: readonly Principal[] = [
    { kind: 'anonymous' },
    { kind: 'role', arn: roleIn(strangeAccount, functionRole) },
  ];
  return strangers.flatMap((principal) =>
    actions.map((action) => ({
      request: callBy(principal, action, resource, { ...others, ...context }),
      expected: 'denied' as const,
      problem: 'Everyone is allowed',
      detail: action,
    })),
  );
}

/** A call without TLS, or with a version that is too old. */
export function callWithoutTls(
  functionRole: string,
  action: string,
  resource: string,
  context: Context = { 'aws:SecureTransport': 'false' },
): ExpectedCall {
  const principal: Principal = { kind: 'role', arn: functionRole };
  return {
    request: callBy(principal, action, resource, context),
    expected: 'denied',
    problem: 'Requests without TLS, or with an old version, are allowed',
    detail: action,
  };
}

/** Roles that are not the function's: one that the policy does not name, and all that it names. */
export function otherRoles(statements: readonly PolicyStatement[], functionRole: string): NamedRole[] {
  const names = statements.flatMap(({ Principal: named, Condition }) => [
    ...principalNames(named),
    ...conditionValues(Condition, 'aws:PrincipalArn'),
  ]);
  const named = [...new Set(names)].map((name) => roleNamed(name, functionRole));
  return [
    { arn: roleIn(accountOf(functionRole) ?? '', functionRole), namedAs: undefined },
    ...named.filter(({ arn }) => arn !== functionRole),
  ];
}

/** The roles that the policy names as principals. */
export function rolesAllowed(statements: readonly PolicyStatement[], functionRole: string): NamedRole[] {
  const names = statements.flatMap(({ Principal: named }) => principalNames(named));
  return [...new Set(names)].map((name) => roleNamed(name, functionRole));
}

function principalNames(named: unknown): string[] {
  return principalsOf(named).flatMap(([kind, value]) => (kind === 'AWS' && value !== '*' ? [value] : []));
}

/** The values of a condition key, for all operators. */
function conditionValues(condition: PolicyStatement['Condition'], key: string): string[] {
  return Object.values(condition ?? {})
    .flatMap((operands) => Object.entries(operands))
    .flatMap(([name, values]) => (name.toLowerCase() === key.toLowerCase() ? [values].flat().map(String) : []));
}

function roleNamed(namedAs: string, functionRole: string): NamedRole {
  const account = accountIn(namedAs);
  if (account !== undefined) return { arn: roleIn(account, functionRole), namedAs };
  // A role that a pattern matches.
  const parts = namedAs.split(':');
  if (parts[4] !== undefined && /[*?]/.test(parts[4])) parts[4] = accountOf(functionRole) ?? '';
  return { arn: parts.join(':').replaceAll(/[*?]/g, 'x'), namedAs };
}

function roleIn(account: string, functionRole: string): string {
  const [, partition = 'aws'] = functionRole.split(':');
  return `arn:${partition}:iam::${account}:role/any-other-role`;
}

/** Calls that the policy must deny to roles. */
export function callsDeniedTo(
  roles: readonly NamedRole[],
  problem: string,
  calls: readonly (readonly [action: string, resource: string, context?: Context])[],
): ExpectedCall[] {
  return roles.flatMap(({ arn, namedAs }) =>
    calls.map(([action, resource, context]) => ({
      request: callBy({ kind: 'role', arn }, action, resource, context),
      expected: 'denied' as const,
      problem,
      detail: namedAs === undefined ? action : `${action} by ${namedAs}`,
    })),
  );
}
