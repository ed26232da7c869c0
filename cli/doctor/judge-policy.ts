import { decide } from '../policy/decide';
import { accountOf } from '../policy/patterns';
import type { PolicyStatement } from '../policy/statement';
import type { ExpectedCall } from './expected-calls';
import { deployAgain, type Finding, findingsOf } from './finding';

/** What the finding about a policy says. */
export interface PolicyWords {
  readonly check: string;
  readonly right: string;
  /** Of a resource that the stack did not create: the section of docs/security.md with its policy, and the problem that it prevents. */
  readonly provided?: { readonly section: string; readonly prevents: string } | undefined;
}

const everything = [{ Effect: 'Allow', Action: '*', Resource: '*' }];

/**
 * Judges a resource's policy by the calls that it must allow and deny. The owner of a provided resource decides whether to
 * protect it, so a lack of protection is a warning. A policy that can't be evaluated is never right.
 */
export function judgePolicy(
  statements: readonly PolicyStatement[],
  calls: readonly ExpectedCall[],
  { functionRole, words: { check, right: isRight, provided } }: { functionRole: string; words: PolicyWords },
): Finding {
  const { right, wrong, warning } = findingsOf(check);
  const decided = calls.map((call) => {
    // The ARN of a bucket has no account.
    const accountId = [call.request.resource, functionRole].map(accountOf).find((account) => account !== '') ?? '';
    return { ...call, decision: decide(call.request, { accountId, identity: everything, resource: statements }) };
  });
  const failed = decided.filter(({ decision, expected }) => decision !== expected && decision !== 'unknown');
  const fix =
    provided === undefined ? deployAgain : `correct its policy: see docs/security.md, section "${provided.section}"`;
  if (failed.length > 0) {
    const isOnlyUnprotected = failed.every(({ problem }) => problem === provided?.prevents);
    return (isOnlyUnprotected ? warning : wrong)(describe(failed), fix);
  }
  const unknown = decided.filter(({ decision }) => decision === 'unknown');
  if (unknown.length > 0)
    return warning(
      `Conditions that can't be evaluated here decide about ${[...new Set(unknown.map(({ detail }) => detail))].join(', ')}`,
      'compare its statements with docs/security.md',
    );
  return right(isRight);
}

/** Each problem once, with its calls. */
function describe(calls: readonly ExpectedCall[]): string {
  const problems = [...new Set(calls.map(({ problem }) => problem))];
  return problems
    .map((problem) => {
      const details = calls.flatMap((call) => (call.problem === problem ? [call.detail] : []));
      return `${problem}: ${[...new Set(details)].join(', ')}`;
    })
    .join('. ');
}
