import { InvocationError } from 'local-aws/lambda/execution-environment';
import { CheckError } from '../steps';

/**
 * Expects an invocation to fail.
 * @param expected the message. Undefined: the message is not compared.
 * @returns the message.
 */
export async function expectFailure(invocation: Promise<unknown>, expected?: string): Promise<string> {
  const message = await invocation.then(
    (response) => {
      throw new CheckError(`the invocation succeeded with ${JSON.stringify(response)}`);
    },
    (error: unknown) => {
      if (error instanceof InvocationError) return error.message;
      throw error;
    },
  );
  if (expected !== undefined) expectEqual(message, expected, 'the message');
  return message;
}

/** Expects two values to be equal as JSON. */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const [is, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== wanted) throw new CheckError(`${what} is ${is}, not ${wanted}`);
}
