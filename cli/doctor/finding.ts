import type { Fact } from '../stack/fact';

/** What one check came to. */
export interface Finding {
  /** What was checked. */
  readonly check: string;
  /** `warning`: it works, but a person should know; `unchecked`: it could not be looked at. */
  readonly verdict: 'right' | 'wrong' | 'warning' | 'unchecked';
  readonly said: string;
  /** What to do about it. */
  readonly mend?: string;
}

/** Makes the findings of one check. */
export function findingsOf(check: string) {
  return {
    right: (said: string): Finding => ({ check, verdict: 'right', said }),
    wrong: (said: string, mend: string): Finding => ({ check, verdict: 'wrong', said, mend }),
    warning: (said: string, mend: string): Finding => ({ check, verdict: 'warning', said, mend }),
    unchecked: (said: string): Finding => ({ check, verdict: 'unchecked', said }),
  };
}

/** What mends a resource that is not as the stack made it. */
export const deployAgain =
  'deploy the stack again: npx cdk deploy; where CloudFormation sees no change, undo what was changed by hand';

/** Judges what is known; what is missing is wrong, and what could not be looked at is said to be unchecked. */
export function judgeFact<Value>(check: string, fact: Fact<Value>, judge: (value: Value) => Finding): Finding {
  const { wrong, unchecked } = findingsOf(check);
  if (fact.isKnown) return judge(fact.value);
  return fact.isMissing ? wrong(fact.because, deployAgain) : unchecked(fact.because);
}
