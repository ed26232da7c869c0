import { isArnLike, isLike, toList } from './policy-patterns';

/** A statement's condition block: operator → condition key → values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | number | readonly string[]>>>>;

/** Compares the value of a condition key with one value of the policy. */
type Compare = (named: string, value: string) => boolean;

/** Operators that are met if the key has one of the policy's values. A missing key does not meet them. */
const positive: Readonly<Record<string, Compare>> = {
  StringEquals: (named, value) => named === value,
  StringLike: isLike,
  // Both are the same (IAM reference, "Amazon Resource Name (ARN) condition operators").
  ArnEquals: isArnLike,
  ArnLike: isArnLike,
  Bool: (named, value) => named.toLowerCase() === value.toLowerCase(),
  NumericLessThan: (named, value) => Number(value) < Number(named),
};

/** Operators that are met if the key has none of the policy's values. A missing key meets them. */
const negated: Readonly<Record<string, Compare>> = {
  StringNotEquals: (named, value) => named === value,
  ArnNotEquals: isArnLike,
};

const anyValue = 'ForAnyValue:';

/**
 * Whether a request's condition keys meet a statement's conditions (IAM reference, "Condition operators"). All operators and
 * keys must be met, each by one of its values.
 * @param context condition keys in lower case, because IAM ignores their case.
 * @throws for an unknown operator, and for one that requires `ForAnyValue:`.
 */
export function areConditionsMet(
  conditions: Conditions,
  context: Readonly<Record<string, readonly string[]>>,
): boolean {
  // Null comes first: it can say that the key of a policy variable exists.
  const operators = Object.entries(conditions).sort(([operator]) => (operator === 'Null' ? -1 : 1));
  return operators.every(([operator, keys]) =>
    Object.entries(keys).every(([key, named]) => {
      const values = context[key.toLowerCase()];
      const texts = toList(typeof named === 'number' ? String(named) : named);
      return isMet(
        operator,
        texts.map((text) => replaceVariable(text, context)),
        values,
      );
    }),
  );
}

/** Replaces a text that is a policy variable (IAM user guide, "Policy variables"). @throws if its key does not have one value. */
function replaceVariable(text: string, context: Readonly<Record<string, readonly string[]>>): string {
  const [, key] = /^\$\{(.+)\}$/.exec(text) ?? [];
  if (key === undefined) return text;
  const [value, ...more] = context[key.toLowerCase()] ?? [];
  if (value === undefined || more.length > 0)
    throw new Error(`The evaluator can't replace the policy variable ${text}`);
  return value;
}

function isMet(operator: string, named: readonly string[], values: readonly string[] | undefined): boolean {
  if (operator === 'Null') return named.some((isMissing) => (isMissing === 'true') === (values === undefined));
  if (operator.startsWith(anyValue)) {
    const compare = known(positive, operator.slice(anyValue.length));
    return (values ?? []).some((value) => named.some((one) => compare(one, value)));
  }
  if (values !== undefined && values.length !== 1) {
    throw new Error(`${operator} is for keys with one value: a key with several requires ${anyValue} or ForAllValues:`);
  }
  const [value] = values ?? [];
  if (operator in negated) {
    const compare = known(negated, operator);
    return value === undefined || !named.some((one) => compare(one, value));
  }
  const compare = known(positive, operator);
  return value !== undefined && named.some((one) => compare(one, value));
}

function known(operators: Readonly<Record<string, Compare>>, operator: string): Compare {
  const compare = operators[operator];
  if (compare === undefined) throw new Error(`The evaluator does not know the condition operator ${operator}`);
  return compare;
}
