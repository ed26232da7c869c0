import { UsageError, CommandError } from './command-error';

/** What AWS's SDKs throw, as far as it is read here: the classes differ from client to client. */
interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly code?: string;
}

/** What an error's name means for the person, with what to do. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/^CredentialsProviderError$/, 'There are no AWS credentials: set AWS_PROFILE, or log in with `aws sso login`'],
  [/^(ExpiredToken|RequestExpired)/, 'The AWS credentials have expired: get new ones, as with `aws sso login`'],
  [
    /^(InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClient|SignatureDoesNotMatch|AuthFailure)/,
    'AWS does not know these credentials: check AWS_PROFILE',
  ],
];

/** Says in one line what went wrong and what to do; never quotes what was sent. */
export function explainError(error: unknown): string {
  if (error instanceof UsageError || error instanceof CommandError) return error.message;
  if (!(error instanceof Error)) return 'Something went wrong that can not be named';
  const { name, message, $metadata, code } = error as SdkError;
  const meaning = meanings.find(([pattern]) => pattern.test(name))?.[1];
  if (meaning !== undefined) return meaning;
  if (message === 'Region is missing') return 'No AWS region is set: set AWS_REGION, or a profile that has one';
  if (isAccessDenied(error)) {
    return `AWS does not allow this: ${oneLine(message)} (the permissions of each command are in the README)`;
  }
  if ($metadata?.httpStatusCode !== undefined) return `AWS answered ${name}: ${oneLine(message)}`;
  return `${name}: ${oneLine(message)}${code === undefined ? '' : ` (${code})`}`;
}

/** Whether AWS refused a call for want of permission. */
export function isAccessDenied(error: unknown): boolean {
  // S3's answer to a HEAD has no body, and so no name beside its status.
  return (
    error instanceof Error && /^(AccessDenied|AccessDeniedException|AuthorizationError|Forbidden|403)$/.test(error.name)
  );
}

function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{C}\s]+/gu, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
