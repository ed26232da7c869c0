import type { Fact } from '../stack/fact';

/** The result of one check. The fields are those of `--json`. */
export interface Finding {
  readonly check: string;
  /** `warning`: it works, but needs attention. `unchecked`: the check was not possible. */
  readonly verdict: 'right' | 'wrong' | 'warning' | 'unchecked';
  readonly said: string;
  /** How to fix it. */
  readonly mend?: string;
}

/** Creates the findings of one check. */
export function findingsOf(check: string) {
  return {
    right: (said: string): Finding => ({ check, verdict: 'right', said }),
    wrong: (said: string, mend: string): Finding => ({ check, verdict: 'wrong', said, mend }),
    warning: (said: string, mend: string): Finding => ({ check, verdict: 'warning', said, mend }),
    unchecked: (said: string): Finding => ({ check, verdict: 'unchecked', said }),
  };
}

/** Fix for a resource that differs from the stack's template. */
export const deployAgain =
  'deploy the stack again with `npx cdk deploy`. If CloudFormation finds no change, undo the manual change';

/** Judges a fact that can be judged only together with another one. */
export function judgeFactWith<Value, Context>(
  check: string,
  fact: Fact<Value>,
  context: Fact<Context>,
  judge: (value: Value, context: Context) => Finding,
): Finding {
  return judgeFact(check, fact, (value) =>
    context.isKnown ? judge(value, context.value) : findingsOf(check).unchecked(context.because),
  );
}

/** Judges a fact. A missing resource is wrong, and a fact that could not be looked up is unchecked. */
export function judgeFact<Value>(check: string, fact: Fact<Value>, judge: (value: Value) => Finding): Finding {
  const { wrong, unchecked } = findingsOf(check);
  if (fact.isKnown) return judge(fact.value);
  return fact.isMissing ? wrong(fact.because, deployAgain) : unchecked(fact.because);
}
