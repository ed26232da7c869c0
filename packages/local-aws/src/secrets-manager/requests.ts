import { AwsJsonError } from '../aws-json-error';
import type { AwsJsonInput } from '../aws-json-input';
import type { SecretValue } from './secret';

const maxValueBytes = 65_536;

/** The parameters that carry a value and the ID of its version. */
export const valueParameters = ['SecretString', 'SecretBinary', 'ClientRequestToken'] as const;

/** Makes the error for a parameter that cannot be taken. */
export function invalidParameter(message: string): AwsJsonError {
  return new AwsJsonError('InvalidParameterException', message);
}

/** Reads text that must be given and not be empty. @throws InvalidParameterException */
export function requiredString(input: AwsJsonInput, name: string): string {
  const value = input.string(name);
  if (value === undefined || value === '') throw invalidParameter(`The parameter ${name} can't be empty.`);
  return value;
}

/** A value to put and the ID that its version is to have. */
export interface RequestedVersion {
  readonly id: string;
  readonly value: SecretValue;
}

/**
 * Reads a value with its ClientRequestToken; undefined when the request has no value.
 * @throws InvalidParameterException for both a string and bytes, an empty value, one of more than 65,536 bytes, or a token of
 * other than 32 to 64 characters; InvalidRequestException without a token.
 */
export function readVersion(input: AwsJsonInput): RequestedVersion | undefined {
  const value = readValue(input.string('SecretString'), input.string('SecretBinary'));
  if (value === undefined) return undefined;
  const id = input.string('ClientRequestToken');
  if (id === undefined) {
    const message = 'You must provide a ClientRequestToken value. We recommend a UUID-type value.';
    throw new AwsJsonError('InvalidRequestException', message);
  }
  if (id.length < 32 || id.length > 64) throw invalidParameter('ClientRequestToken must have 32 to 64 characters.');
  return { id, value };
}

function readValue(text: string | undefined, base64: string | undefined): SecretValue | undefined {
  if (text !== undefined && base64 !== undefined) {
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  const bytes = text === undefined ? Buffer.from(base64 ?? '', 'base64').length : Buffer.byteLength(text);
  if (text === undefined && base64 === undefined) return undefined;
  if (bytes === 0 || bytes > maxValueBytes) throw invalidParameter(`A secret value has 1 to ${maxValueBytes} bytes.`);
  return text === undefined ? { SecretBinary: base64 ?? '' } : { SecretString: text };
}
