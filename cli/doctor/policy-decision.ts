import { isLike, type PolicyStatement } from './policy';

/** Who calls. A role, or a service that acts for one of the stack's resources. */
export type Caller = { readonly role: string } | { readonly service: string };

/** One call to a KMS key. */
export interface KeyCall {
  readonly caller: Caller;
  readonly action: string;
  /** The condition keys whose values are known, in lower case. */
  readonly context: Readonly<Record<string, string>>;
}

/** `unknown`: the policy has an element or a condition that can't be evaluated here. */
export type Decision = 'allowed' | 'denied' | 'unknown';

type Match = 'yes' | 'no' | 'unknown';

/**
 * Whether a key's policy allows a call. A statement for the account of a role allows it: the role's own policies decide then,
 * and the check of permissions judges those.
 */
export function decide(statements: readonly PolicyStatement[], call: KeyCall): Decision {
  const matches = (effect: string): Match[] =>
    statements.filter(({ Effect }) => Effect === effect).map((statement) => matchStatement(statement, call));
  const [denials, grants] = [matches('Deny'), matches('Allow')];
  if (denials.includes('yes')) return 'denied';
  if (denials.includes('unknown')) return 'unknown';
  if (grants.includes('yes')) return 'allowed';
  return grants.includes('unknown') ? 'unknown' : 'denied';
}

function matchStatement(statement: PolicyStatement, { caller, action, context }: KeyCall): Match {
  const { NotPrincipal, NotAction, Action = [], Condition = {} } = statement;
  if (NotPrincipal !== undefined || NotAction !== undefined) return 'unknown';
  const isForAction = [Action].flat().some((pattern) => isLike(pattern.toLowerCase(), action.toLowerCase()));
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => matchCondition(operator, [values].flat(), context[key.toLowerCase()])),
  );
  return all([isForAction ? 'yes' : 'no', matchPrincipal(statement, caller), ...conditions]);
}

function all(matches: readonly Match[]): Match {
  if (matches.includes('no')) return 'no';
  return matches.includes('unknown') ? 'unknown' : 'yes';
}

function matchPrincipal({ Principal, Effect }: PolicyStatement, caller: Caller): Match {
  const { AWS = [], Service = [] } = (typeof Principal === 'string' ? { AWS: Principal } : (Principal ?? {})) as {
    readonly AWS?: string | readonly string[];
    readonly Service?: string | readonly string[];
  };
  const accounts = [AWS].flat();
  if ('service' in caller) {
    if ([Service].flat().includes(caller.service)) return 'yes';
    // IAM's documentation does not say whether everyone includes services.
    return accounts.includes('*') ? (Effect === 'Deny' ? 'yes' : 'unknown') : 'no';
  }
  const account = caller.role.split(':')[4] ?? '';
  const isNamed = (principal: string): boolean =>
    principal === '*' || principal === caller.role || principal === account || principal.endsWith(`::${account}:root`);
  return accounts.some(isNamed) ? 'yes' : 'no';
}

type Compare = (pattern: string, value: string) => boolean;

const comparisons: Readonly<Record<string, Compare>> = {
  StringEquals: (pattern, value) => pattern === value,
  StringEqualsIgnoreCase: (pattern, value) => pattern.toLowerCase() === value.toLowerCase(),
  StringLike: isLike,
  ArnEquals: isLike,
  ArnLike: isLike,
  Bool: (pattern, value) => pattern.toLowerCase() === value.toLowerCase(),
};

function matchCondition(operator: string, patterns: readonly unknown[], value: string | undefined): Match {
  const [, base = '', not = '', rest = ''] = /^(String|Arn|Bool)(Not)?(\w*?)(?:IfExists)?$/.exec(operator) ?? [];
  const compare = comparisons[base + rest];
  if (compare === undefined || value === undefined) return 'unknown';
  const isFound = patterns.some((pattern) => compare(String(pattern), value));
  return isFound === (not === '') ? 'yes' : 'no';
}
