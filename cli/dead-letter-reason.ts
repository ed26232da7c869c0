/** Why a message lies in the dead-letter queue, with what to do about it. */
export const deadLetterReasons = {
  'outcome-known': 'the photo has its outcome already: redriving clears the message away',
  'object-gone': 'the photo object was deleted: redriving clears the message away',
  'account-fault': 'ComplyCube refused the account or its key: mend that (doctor), then redrive',
  'rate-limited': 'ComplyCube answered 429 until the end: redrive',
  'client-unknown': 'ComplyCube did not know the client: make the client, then redrive',
  'complycube-failed': 'ComplyCube failed, or its answer never came: redrive',
  'aws-failed': 'a call to AWS failed: redrive; doctor checks the permissions',
  'not-an-event': 'the message is no event of a photo object: look at it, then delete it by hand',
  unknown: 'the log does not tell: redrive, and look again should it come back',
} as const;

/** One of {@link deadLetterReasons}. */
export type DeadLetterReason = keyof typeof deadLetterReasons;

/** Tells a reason from any other text. */
export function isDeadLetterReason(text: string): text is DeadLetterReason {
  return Object.hasOwn(deadLetterReasons, text);
}

/** What the function's errors begin with, and what they stand for; the first that fits counts. */
const patterns: readonly (readonly [RegExp, DeadLetterReason])[] = [
  [/^MalformedEventError\b/, 'not-an-event'],
  [/^(AccountFaultError|ApiKeyError)\b/, 'account-fault'],
  [/^RetryLaterError: ComplyCube answered 429\b/, 'rate-limited'],
  [/^RetryLaterError: ComplyCube answered (404|400)\b/, 'client-unknown'],
  [/^(UploadUnknownError\b|RetryLaterError: ComplyCube )/, 'complycube-failed'],
  [/^RetryLaterError: (S3|EventBridge|The photo object)\b/, 'aws-failed'],
  // The SDK's exceptions are named as AWS names its errors, its network errors as Node does.
  [/^(?!RetryLaterError\b)\w+/, 'aws-failed'],
];

/**
 * Names the reason that the function last gave for keeping a message.
 * @param error as the function's log has it; undefined when it has none.
 */
export function reasonOfError(error: string | undefined): DeadLetterReason {
  if (error === undefined) return 'unknown';
  return patterns.find(([pattern]) => pattern.test(error))?.[1] ?? 'unknown';
}
