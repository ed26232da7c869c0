import { type ErrorCode, isErrorCode } from '../../contract/error-codes';

/** Why a message is in the dead-letter queue, and what to do about it. */
export const deadLetterReasons = {
  'outcome-known': 'the photo has its outcome: redriving removes the message',
  'object-gone': 'the photo object was deleted: redriving removes the message',
  'account-fault': 'ComplyCube refused the account or its key, or there is no key: fix that (doctor), then redrive',
  'rate-limited': 'ComplyCube answered 429 until the end: redrive',
  'client-unknown': 'ComplyCube did not know the client: create the client, then redrive',
  refused: 'ComplyCube refused the photo without naming a cause: ask its support what the status means, then redrive',
  'complycube-failed': 'ComplyCube failed, could not be reached, or gave no answer that can be trusted: redrive',
  archived: 'the object is in an archive storage class: restore it, then redrive',
  'out-of-time':
    'the photo was not done within its deadline, or another delivery held it: check the latencies, then redrive',
  'outside-key-prefixes':
    'the key begins with none of the key prefixes of the stack: add its prefix to keyPrefixes, deploy, then redrive',
  'aws-failed': 'a request to AWS failed: redrive; doctor checks the permissions',
  'not-an-event':
    'the message is not an event of a photo object, and is never sent: look at it with --show, find its sender, then delete it with --delete',
  unknown: 'the log does not name a known cause: redrive, and read the log if the message comes back',
} as const;

/** One of {@link deadLetterReasons}. */
export type DeadLetterReason = keyof typeof deadLetterReasons;

/** A reason whose messages may be sent again. */
export type RedrivableReason = Exclude<DeadLetterReason, 'not-an-event'>;

/** The reasons whose messages may be sent again: all but the one that no further attempt can change. */
export function redrivable<Reason extends string>(
  reasons: Readonly<Record<Reason, string>>,
): Exclude<Reason, 'not-an-event'>[] {
  return (Object.keys(reasons) as Reason[]).filter(
    (reason): reason is Exclude<Reason, 'not-an-event'> => reason !== 'not-an-event',
  );
}

const reasonOfCode: Readonly<Record<ErrorCode, RedrivableReason>> = {
  'account-fault': 'account-fault',
  'api-key-missing': 'account-fault',
  'rate-limited': 'rate-limited',
  'client-unknown': 'client-unknown',
  refused: 'refused',
  'outcome-unknown': 'complycube-failed',
  'complycube-unreachable': 'complycube-failed',
  'claim-held': 'out-of-time',
  'lease-expired': 'out-of-time',
  'no-time-left': 'out-of-time',
  'deadline-exceeded': 'out-of-time',
  'erasure-waits': 'out-of-time',
  'object-archived': 'archived',
  'outside-key-prefixes': 'outside-key-prefixes',
  's3-failed': 'aws-failed',
  'secrets-manager-failed': 'aws-failed',
  'eventbridge-failed': 'aws-failed',
  'sqs-failed': 'aws-failed',
  unexpected: 'unknown',
};

/**
 * Maps the last error code that the function logged about a message.
 * @param errorCode undefined when the log has none, such as for messages of a version that logged no codes. Codes of a newer
 * version are `unknown` too.
 */
export function reasonOfErrorCode(errorCode: string | undefined): RedrivableReason {
  return errorCode !== undefined && isErrorCode(errorCode) ? reasonOfCode[errorCode] : 'unknown';
}
