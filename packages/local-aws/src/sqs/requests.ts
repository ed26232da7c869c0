import type { AwsJsonInput } from '../aws-json-input';
import { AwsJsonError } from '../aws-json-error';
import { invalidParameter, sqsError } from './errors';

/** @throws AwsJsonError MissingRequiredParameterException if the value is undefined. */
export function required<Value>(value: Value | undefined, name: string): Value {
  if (value !== undefined) return value;
  throw sqsError('MissingRequiredParameterException', `The request must contain the parameter ${name}.`);
}

/** Reads a string. @throws AwsJsonError MissingRequiredParameterException if it is missing or empty. */
export function requiredString(input: AwsJsonInput, name: string): string {
  const value = input.string(name);
  return required(value === '' ? undefined : value, name);
}

/** Reads an optional integer. @throws AwsJsonError InvalidParameterValueException outside `min` to `max`. */
export function integerWithin(input: AwsJsonInput, name: string, min: number, max: number): number | undefined {
  const value = input.integer(name);
  if (value === undefined || (value >= min && value <= max)) return value;
  throw invalidParameter(name, value, `Must be >= ${min} and <= ${max}, if provided.`);
}

/** Output of a batch operation. SQS omits an empty list. */
export interface BatchOutput {
  readonly Successful?: readonly object[];
  readonly Failed?: readonly object[];
}

/** One entry of a batch request, with its ID. */
export interface BatchEntry {
  readonly id: string;
  readonly input: AwsJsonInput;
}

const maxEntries = 10;

/**
 * Reads the entries of a batch request.
 * @throws AwsJsonError EmptyBatchRequest, TooManyEntriesInBatchRequest (more than 10), InvalidBatchEntryId,
 * BatchEntryIdsNotDistinct.
 */
export function readBatch(input: AwsJsonInput): readonly BatchEntry[] {
  const entries = (input.structures('Entries') ?? []).map((entry) => ({ id: entry.string('Id') ?? '', input: entry }));
  if (entries.length === 0) throw sqsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > maxEntries) {
    const message = `Maximum number of entries per request are ${maxEntries}. You have sent ${entries.length}.`;
    throw sqsError('TooManyEntriesInBatchRequest', message);
  }
  const seen = new Set<string>();
  for (const { id } of entries) {
    if (!/^[\w-]{1,80}$/.test(id)) {
      const message =
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.';
      throw sqsError('InvalidBatchEntryId', message);
    }
    if (seen.has(id)) throw sqsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    seen.add(id);
  }
  return entries;
}

/**
 * Runs each entry separately. An entry that fails does not affect the others.
 * @param parameters the supported parameters of an entry, besides its ID.
 */
export function runBatch(
  entries: readonly BatchEntry[],
  parameters: readonly string[],
  run: (input: AwsJsonInput) => object,
): BatchOutput {
  const successful: object[] = [];
  const failed: object[] = [];
  for (const { id, input } of entries) {
    try {
      input.refuseOtherThan('Id', ...parameters);
      successful.push({ Id: id, ...run(input) });
    } catch (thrown) {
      if (!(thrown instanceof AwsJsonError)) throw thrown;
      const { message, queryCode, type, isSenderFault } = thrown;
      failed.push({ Id: id, SenderFault: isSenderFault, Code: queryCode ?? type, Message: message });
    }
  }
  return {
    ...(successful.length > 0 && { Successful: successful }),
    ...(failed.length > 0 && { Failed: failed }),
  };
}
