import type { Check } from './checks';
import { nearest } from './nearest';

/**
 * An option is invalid, missing or unknown. `field` names the option, and the message says what it must be. The message never
 * contains a value, because it may be personal data.
 */
export class InvalidOptionError extends RangeError {
  override readonly name: string = 'InvalidOptionError';

  constructor(
    readonly field: string,
    problem: string,
  ) {
    super(`${field} ${problem}`);
  }
}

/** A check for each option. */
export type Checks<Options> = { readonly [Name in keyof Required<Options>]: Check };

/**
 * Checks the options of a function, for callers in JavaScript too. A misspelt name is reported first: the option that it stands for
 * is missing then.
 * @param Failure the error to throw.
 */
export function checkOptions<Options extends object>(
  options: Options,
  checks: Checks<Options>,
  Failure: typeof InvalidOptionError = InvalidOptionError,
): void {
  const given: unknown = options;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new Failure('options', 'must be an object');
  }
  const known = Object.keys(checks);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const meant = nearest(unknown, known);
    const hint = meant === undefined ? `the options are ${known.join(', ')}` : `do you mean ${meant}?`;
    throw new Failure(unknown, `is not an option: ${hint}`);
  }
  for (const [name, { isValid, mustBe }] of Object.entries<Check>(checks)) {
    if (!isValid((given as Readonly<Record<string, unknown>>)[name])) throw new Failure(name, `must be ${mustBe}`);
  }
}
