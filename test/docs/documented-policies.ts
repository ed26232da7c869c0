import type { Statement } from '../lib/policy-evaluator';
import { readJsonBlock } from './documents';

interface PolicyDocument {
  readonly Statement: readonly Statement[];
}

/** A policy that the docs say to add to an existing resource. */
export function documentedPolicy(heading: string): PolicyDocument {
  return readJsonBlock('docs/security.md', heading) as PolicyDocument;
}

/** The policy of an existing bucket with trusted taggers: some statements replace those with the same Sid. */
export function bucketPolicyForTaggers(): PolicyDocument {
  const forTaggers = documentedPolicy('Trusted taggers of an existing bucket').Statement;
  const replaced = new Set(forTaggers.map(({ Sid }) => Sid));
  const others = documentedPolicy('Policy of an existing bucket').Statement.filter(({ Sid }) => !replaced.has(Sid));
  return { Statement: [...others, ...forTaggers] };
}

/** Replaces placeholders in documented JSON. */
export function fillNames<T>(documented: T, names: Readonly<Record<string, string>>): T {
  const text = Object.entries(names).reduce(
    (json, [placeholder, name]) => json.replaceAll(new RegExp(`\\b${placeholder}\\b`, 'g'), name),
    JSON.stringify(documented),
  );
  return JSON.parse(text) as T;
}
