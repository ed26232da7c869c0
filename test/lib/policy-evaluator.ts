import { areConditionsMet, type Conditions } from './policy-conditions';
import { accountOf, isArnLike, isLike, toList } from './policy-patterns';

/** One statement of a policy, its references resolved. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  /** Of resource-based policies alone. */
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Conditions | undefined;
}

/** Who asks; nobody's name is known of someone without credentials. */
export type Principal =
  | { readonly kind: 'role'; readonly arn: string }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'anonymous' };

/** One call, as IAM sees it. */
export interface AccessRequest {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  /** The condition keys that the request has; the principal's own is added. */
  readonly context?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

/** The policies that decide on a request, of one account. */
export interface Policies {
  readonly accountId: string;
  /** Of the role that asks. */
  readonly identity?: readonly Statement[];
  /** Of the resource that is asked for. */
  readonly resource?: readonly Statement[];
}

/**
 * Whether IAM allows a request (IAM user guide, "Policy evaluation logic"): a denial wins; in one account it takes either the
 * identity's or the resource's policy, for a role of another account both.
 * @throws for an element of a policy that it does not know, so that nothing is passed over.
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
    // The case of an action has no meaning (IAM reference, "Action").
    toList(statement.Action).some((pattern) => isLike(pattern.toLowerCase(), request.action.toLowerCase())) &&
    toList(statement.Resource).some((pattern) => isArnLike(pattern, request.resource)) &&
    areConditionsMet(statement.Condition ?? {}, contextOf(request))
  );
}

function isFor(asking: Principal, { Principal: named, Sid = '' }: Statement): boolean {
  if (named === undefined) throw new Error(`The statement ${Sid} of a resource's policy names no principal`);
  if (named === '*') return true;
  return Object.entries(named).some(([kind, values]) =>
    toList(values).some((value) => {
      if (kind === 'AWS') return value === '*' || (asking.kind === 'role' && asking.arn === value);
      if (kind === 'Service') return asking.kind === 'service' && asking.name === value;
      throw new Error(`The evaluator does not know principals of the kind ${kind}`);
    }),
  );
}

function contextOf({ principal, context = {} }: AccessRequest): Record<string, readonly string[]> {
  const all = { ...context, ...(principal.kind === 'role' && { 'aws:PrincipalArn': principal.arn }) };
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [key.toLowerCase(), toList(value)]));
}
