import { explainError, isAccessDenied } from '../explain-error';

/** Something that was looked up, or why it is not known. */
export type Fact<Value> =
  | { readonly isKnown: true; readonly value: Value }
  /** `isMissing`: what was looked for is not there, as opposed to a look that could not be taken. */
  | { readonly isKnown: false; readonly because: string; readonly isMissing: boolean };

/**
 * Looks something up; what the person may not look at, or what a local server does not have, is not known, and no failure.
 * @throws whatever else happens.
 */
export async function learn<Value>(look: () => Promise<Value>): Promise<Fact<Value>> {
  try {
    return { isKnown: true, value: await look() };
  } catch (error) {
    if (isAccessDenied(error)) return notLookedUp(explainError(error));
    if (isNotImplemented(error)) return notLookedUp(`the local server does not have it: ${error.message}`);
    if (isNotFound(error)) return { isKnown: false, because: explainError(error), isMissing: true };
    throw error;
  }
}

/** Something that can't be looked up. */
export function notLookedUp(because: string): Fact<never> {
  return { isKnown: false, because, isMissing: false };
}

function isNotImplemented(error: unknown): error is Error {
  return error instanceof Error && error.name === 'NotImplemented';
}

/** By name: HTTP's 404 means it for some services only. */
function isNotFound(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(NotFound|NoSuchBucket|NoSuchEntityException|ResourceNotFoundException|QueueDoesNotExist)$/.test(error.name)
  );
}
