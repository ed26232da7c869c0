import { every, type Match, matchIf } from './match';
import { isArnLike, isLike } from './patterns';

type Operand = string | number | boolean;

/** A statement's condition block: operator → condition key → values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, Operand | readonly Operand[]>>>>;

/** The values of a condition key, in lower case. Empty: the request does not have the key. Undefined: they are not known. */
export type ValuesOf = (key: string) => readonly string[] | undefined;

/** Compares one value of the policy with the value of a condition key. */
type Compare = (named: string, value: string) => boolean;

const isSame: Compare = (named, value) => named === value;
const isSameInAnyCase: Compare = (named, value) => named.toLowerCase() === value.toLowerCase();

/** By the operator without `Not`. */
const comparisons: Readonly<Record<string, Compare>> = {
  StringEquals: isSame,
  StringEqualsIgnoreCase: isSameInAnyCase,
  StringLike: isLike,
  // Both are the same (IAM reference, "Amazon Resource Name (ARN) condition operators").
  ArnEquals: isArnLike,
  ArnLike: isArnLike,
  Bool: isSameInAnyCase,
  NumericLessThan: (named, value) => Number(value) < Number(named),
};

/**
 * Whether a request meets a statement's conditions (IAM reference, "Condition operators"). All operators and keys must be met,
 * each by one of its values.
 */
export function matchConditions(conditions: Conditions, valuesOf: ValuesOf): Match {
  return every(
    Object.entries(conditions).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, named]) =>
        matchCondition(operator, [named].flat().map(String), { values: valuesOf(key.toLowerCase()), valuesOf }),
      ),
    ),
  );
}

function matchCondition(
  operator: string,
  named: readonly string[],
  { values, valuesOf }: { readonly values: readonly string[] | undefined; readonly valuesOf: ValuesOf },
): Match {
  if (values === undefined) return 'unknown';
  if (operator === 'Null') return matchIf(named.some((isMissing) => (isMissing === 'true') === (values.length === 0)));

  const [, set, base = '', not, ending = '', ifExists] =
    /^(ForAnyValue:|ForAllValues:)?(String|Arn|Bool|Numeric)(Not)?(\w*?)(IfExists)?$/.exec(operator) ?? [];
  const compare = comparisons[base + ending];
  // An operator without a set operator is for keys with one value.
  if (compare === undefined || (values.length > 1 && set === undefined)) return 'unknown';
  if (values.length === 0) {
    return matchIf(ifExists !== undefined || set === 'ForAllValues:' || (set === undefined && not !== undefined));
  }
  const texts = named.map((text) => replaceVariable(text, valuesOf));
  if (texts.includes(undefined)) return 'unknown';
  const isMet = (value: string): boolean =>
    texts.some((text) => text !== undefined && compare(text, value)) === (not === undefined);
  return matchIf(set === 'ForAllValues:' ? values.every(isMet) : values.some(isMet));
}

/** Replaces a text that is a policy variable (IAM user guide, "Policy variables"). Undefined: its value is not known. */
function replaceVariable(text: string, valuesOf: ValuesOf): string | undefined {
  if (!text.includes('${')) return text;
  const [, key] = /^\$\{([^}]+)\}$/.exec(text) ?? [];
  const [value, ...more] = (key === undefined ? undefined : valuesOf(key.toLowerCase())) ?? [];
  return more.length > 0 ? undefined : value;
}
