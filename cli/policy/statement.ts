import type { Conditions } from './conditions';

/** A statement of a policy. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect?: string;
  /** Only in the policy of a resource. */
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Conditions | undefined;
}

/** Parses a policy's statements. */
export function parsePolicy(text: string): PolicyStatement[] {
  const { Statement = [] } = JSON.parse(text) as { readonly Statement?: PolicyStatement | PolicyStatement[] };
  return Array.isArray(Statement) ? Statement : [Statement];
}
