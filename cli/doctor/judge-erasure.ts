import { areOperatorsNamed, type FunctionSettings } from '../stack/function-settings';
import { type Finding, findingsOf } from './finding';

/** Judges whether photos can be erased. */
export function judgeErasure(settings: FunctionSettings): Finding {
  const { right, warning } = findingsOf('erasure');
  return areOperatorsNamed(settings)
    ? right('Operators can erase photos')
    : warning(
        'The stack names no operators, so its function refuses to erase photos',
        'deploy with -c operatorRoleArns=ROLE_ARN, see docs/security.md',
      );
}
