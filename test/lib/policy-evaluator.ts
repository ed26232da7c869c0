import { decide, type Principal } from '../../cli/policy/decide';
import type { Conditions } from '../../cli/policy/conditions';
import { toList } from '../../cli/policy/patterns';

export type { Principal };

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

/** One call, as IAM evaluates it. */
export interface AccessRequest {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  /** All condition keys of the request, except those of the principal. */
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

/** Unless a test says otherwise, a key's policy delegates to the account, like KMS's default policy. */
const ofKey = (accountId: string): Statement => ({
  ...{ Effect: 'Allow', Principal: { AWS: accountId }, Action: 'kms:*', Resource: '*' },
});

/** Whether IAM allows a request. @throws if a policy has something that can't be evaluated, because it must not be ignored. */
export function isAllowed({ context = {}, ...request }: AccessRequest, policies: Policies): boolean {
  const values = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), toList(value)]));
  const decision = decide(
    { ...request, valuesOf: (key) => values.get(key) ?? [] },
    { resource: [ofKey(policies.accountId)], ...policies },
  );
  if (decision === 'unknown') throw new Error(`The policies for ${request.action} can't be evaluated`);
  return decision === 'allowed';
}
