/**
 * Why a photo is retried: the stable codes in the `errorCode` field of the function's log. Tools rely on these codes, not on error
 * messages.
 */
export const errorCodes = {
  'account-fault': 'ComplyCube answered 401, 402 or 403',
  'api-key-missing': 'the secret holds no valid ComplyCube API key',
  'rate-limited': 'ComplyCube answered 429',
  'client-unknown': 'ComplyCube says that the client does not exist',
  refused: 'ComplyCube refused the request with a 4xx that names neither photo nor client',
  'outcome-unknown': 'ComplyCube gave no answer, or none that can be trusted',
  'complycube-unreachable': 'no connection to ComplyCube: nothing was sent',
  'claim-held': 'another delivery is processing the photo',
  'lease-expired': 'the lease of the photo’s claim expired before the work was done',
  'no-time-left': 'the photo has too little time left for another call',
  'deadline-exceeded': 'the photo was not processed within its deadline',
  'object-archived': 'S3 can’t read the object: it is in an archive storage class',
  'outside-key-prefixes':
    'the key begins with none of the stack’s key prefixes: they were changed, or the stack is being deployed',
  's3-failed': 'a request to S3 failed, or did not end in time',
  'secrets-manager-failed': 'a request to Secrets Manager failed, or did not end in time',
  'eventbridge-failed': 'EventBridge did not accept the event, or did not answer in time',
  'sqs-failed': 'a request to SQS failed, or did not end in time',
  'erasure-waits': 'the erasure has not ended: it looks once more for live photos, or continues',
  unexpected: 'an unexpected error',
} as const;

/** One of {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes;

/** Type guard for {@link ErrorCode}. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCodes, text);
}

/** Codes of refusals that are counted. The photo is rejected only after several of them. */
export type CountedRefusal = Extract<ErrorCode, 'client-unknown' | 'refused'>;
