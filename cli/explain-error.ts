import { UsageError, CommandError } from './command-error';

/** The properties of SDK errors that are used here. Each client has its own error classes. */
interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly code?: string;
}

/** Explanations of errors by name, with what to do. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/^CredentialsProviderError$/, 'AWS credentials are missing: set AWS_PROFILE, or log in with `aws sso login`'],
  [/^(ExpiredToken|RequestExpired)/, 'The AWS credentials have expired: get new ones, such as with `aws sso login`'],
  [
    /^(InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClient|SignatureDoesNotMatch|AuthFailure)/,
    'AWS does not know these credentials: check AWS_PROFILE',
  ],
];

/** Explains an error in one line, with what to do if known. Never quotes the request. */
export function explainError(error: unknown): string {
  if (error instanceof UsageError || error instanceof CommandError) return error.message;
  if (!(error instanceof Error)) return 'An unknown error occurred';
  const { name, message, $metadata, code } = error as SdkError;
  const meaning = meanings.find(([pattern]) => pattern.test(name))?.[1];
  if (meaning !== undefined) return meaning;
  if (message === 'Region is missing') return 'No AWS region is set: set AWS_REGION, or use a profile with a region';
  if (isAccessDenied(error)) {
    return `AWS does not allow this: ${oneLine(message)} (docs/operating.md lists the permissions of each command)`;
  }
  if ($metadata?.httpStatusCode !== undefined) return `AWS answered ${name}: ${oneLine(message)}`;
  return `${name}: ${oneLine(message)}${code === undefined ? '' : ` (${code})`}`;
}

/** Whether AWS refused a call because a permission is missing. */
export function isAccessDenied(error: unknown): boolean {
  // S3's answer to a HEAD request has no body, so the error is named by its status.
  return (
    error instanceof Error && /^(AccessDenied|AccessDeniedException|AuthorizationError|Forbidden|403)$/.test(error.name)
  );
}

function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{C}\s]+/gu, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
