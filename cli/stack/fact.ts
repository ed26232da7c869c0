import { explainError, isAccessDenied } from '../explain-error';

/** The result of a look-up, or why it is unknown. */
export type Fact<Value> =
  | { readonly isKnown: true; readonly value: Value }
  /** `isMissing`: the resource does not exist. Otherwise the look-up was not possible. */
  | { readonly isKnown: false; readonly because: string; readonly isMissing: boolean };

/**
 * Looks something up. The result is unknown if the caller lacks the permission, or if a local server does not implement the call.
 * @throws any other error.
 */
export async function lookUp<Value>(request: () => Promise<Value>): Promise<Fact<Value>> {
  try {
    return { isKnown: true, value: await request() };
  } catch (error) {
    if (isAccessDenied(error)) return notLookedUp(explainError(error));
    if (isNotImplemented(error)) return notLookedUp(`the local server does not support it: ${error.message}`);
    if (isNotFound(error)) return { isKnown: false, because: explainError(error), isMissing: true };
    throw error;
  }
}

/** Derives a fact from another one. */
export function mapFact<Value, Result>(fact: Fact<Value>, map: (value: Value) => Result): Fact<Result> {
  return fact.isKnown ? { isKnown: true, value: map(fact.value) } : fact;
}

/** A fact that can't be looked up. */
export function notLookedUp(because: string): Fact<never> {
  return { isKnown: false, because, isMissing: false };
}

function isNotImplemented(error: unknown): error is Error {
  return error instanceof Error && error.name === 'NotImplemented';
}

/** Decided by name, because only some services use HTTP's 404 for it. */
function isNotFound(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(NotFound|NotFoundException|NoSuchBucket|NoSuchEntityException|ResourceNotFoundException|QueueDoesNotExist)$/.test(
      error.name,
    )
  );
}
