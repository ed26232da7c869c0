import { areConditionsMet, type Conditions } from './policy-conditions';
import { accountOf, isArnLike, isLike, toList } from './policy-patterns';

/** One statement of a policy with resolved references. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  /** Only in resource-based policies. */
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Conditions | undefined;
}

/** The caller. An anonymous caller has no credentials. */
export type Principal =
  | { readonly kind: 'role'; readonly arn: string }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'anonymous' };

/** One call, as IAM evaluates it. */
export interface AccessRequest {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  /** The condition keys of the request. `aws:PrincipalArn` and `aws:PrincipalIsAWSService` are added. */
  readonly context?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

/** The policies for a request in one account. */
export interface Policies {
  readonly accountId: string;
  /** The calling role's statements. */
  readonly identity?: readonly Statement[];
  /** The requested resource's statements. */
  readonly resource?: readonly Statement[];
}

/**
 * Whether IAM allows a request (IAM user guide, "Policy evaluation logic"). A Deny always wins. Within an account, an Allow in
 * the identity's or the resource's policy is enough. A role of another account requires both.
 * @throws for an unknown element of a policy, because it must not be ignored.
 */
export function isAllowed(request: AccessRequest, { accountId, identity = [], resource = [] }: Policies): boolean {
  const { principal } = request;
  const ofIdentity = principal.kind === 'role' ? identity.filter((one) => applies(one, request)) : [];
  const ofResource = resource.filter((one) => isFor(principal, one) && applies(one, request));
  if ([...ofIdentity, ...ofResource].some(({ Effect }) => Effect === 'Deny')) return false;

  const isForeign = principal.kind === 'role' && accountOf(principal.arn) !== accountId;
  if (isForeign) return ofIdentity.length > 0 && ofResource.length > 0;
  return ofIdentity.length > 0 || ofResource.length > 0;
}

const knownElements = ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition'];

function applies(statement: Statement, request: AccessRequest): boolean {
  const unknown = Object.keys(statement).find((element) => !knownElements.includes(element));
  if (unknown !== undefined) throw new Error(`The evaluator does not know ${unknown}`);
  return (
    // IAM ignores the case of actions (IAM reference, "Action").
    toList(statement.Action).some((pattern) => isLike(pattern.toLowerCase(), request.action.toLowerCase())) &&
    toList(statement.Resource).some((pattern) => isArnLike(pattern, request.resource)) &&
    areConditionsMet(statement.Condition ?? {}, contextOf(request))
  );
}

function isFor(caller: Principal, { Principal: named, Sid = '' }: Statement): boolean {
  if (named === undefined) throw new Error(`The statement ${Sid} of a resource's policy names no principal`);
  if (named === '*') return true;
  return Object.entries(named).some(([kind, values]) =>
    toList(values).some((value) => {
      if (kind === 'AWS') return value === '*' || (caller.kind === 'role' && caller.arn === value);
      if (kind === 'Service') return caller.kind === 'service' && caller.name === value;
      throw new Error(`The evaluator does not know principals of type ${kind}`);
    }),
  );
}

function contextOf({ principal, context = {} }: AccessRequest): Record<string, readonly string[]> {
  // An anonymous request has neither key (IAM reference, "Global condition context keys").
  const isService = principal.kind === 'service';
  const all = {
    ...context,
    ...(principal.kind === 'role' && { 'aws:PrincipalArn': principal.arn }),
    ...(principal.kind !== 'anonymous' && { 'aws:PrincipalIsAWSService': String(isService) }),
  };
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [key.toLowerCase(), toList(value)]));
}
