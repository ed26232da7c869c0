import { type ErasureReasonCode, isErasureReasonCode } from '../../contract/dead-letter-reasons';
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
  'operators-not-named':
    'an erasure was requested when the stack named no operators, and only --reason sends it: look at it with --show, deploy with operatorRoleArns, then redrive it with --reason operators-not-named',
  'erasure-unsupported':
    'the function is older than the request of an erasure, and only --reason sends it: look at it with --show, upgrade the stack, then redrive it with --reason erasure-unsupported',
  'sender-not-operator':
    'someone who is no operator requested an erasure, and it is never sent: look at it with --show, find the sender, then delete it with --delete. An operator can run erase',
  'live-photo-unknown':
    'nobody can prove which live photo the version to erase has, and the request is never sent: look at it with --show, follow the runbook (Failed erasures), then delete it with --delete',
  'erasure-impossible':
    'the function can never do what the request of an erasure says, and it is never sent: look at it with --show, run erase again, then delete it with --delete',
  unknown: 'the log does not name a known cause: redrive, and read the log if the message comes back',
} as const;

/** One of {@link deadLetterReasons}. */
export type DeadLetterReason = keyof typeof deadLetterReasons;

/** The reasons whose messages are never sent: no further attempt can change them, or a person must decide. */
const neverSent: readonly string[] = [
  'not-an-event',
  'sender-not-operator',
  'live-photo-unknown',
  'erasure-impossible',
] satisfies DeadLetterReason[];

/**
 * The reasons whose messages are sent only if `--reason` names them. An erasure can't be undone, and the function has not checked who
 * requested it.
 */
const sentIfNamed: readonly string[] = ['operators-not-named', 'erasure-unsupported'] satisfies DeadLetterReason[];

/** The reasons that `--reason` accepts. */
export function redrivable<Reason extends string>(reasons: Readonly<Record<Reason, string>>): Reason[] {
  return (Object.keys(reasons) as Reason[]).filter((reason) => !neverSent.includes(reason));
}

/** Whether messages with a reason are sent without `--reason`. The others are those that `--show` shows. */
export function isSentByDefault(reason: string): boolean {
  return !neverSent.includes(reason) && !sentIfNamed.includes(reason);
}

/** What to do about the code that the function sent with the request of an erasure. Other codes are `erasure-impossible`. */
const reasonOfErasureCode: ReadonlyMap<string, DeadLetterReason> = new Map([
  ['operators-not-named', 'operators-not-named'],
  ['erasure-unsupported', 'erasure-unsupported'],
  ['sender-not-operator', 'sender-not-operator'],
  ['live-photo-unproven', 'live-photo-unknown'],
  ['live-photo-unknown', 'live-photo-unknown'],
] satisfies [ErasureReasonCode, DeadLetterReason][]);

/**
 * Maps the reason code of a message that the function dead-lettered at once.
 * @param isErasure whether the body requests an erasure. It decides about codes that events have too, and about those of a newer version.
 */
export function reasonOfRefusal(reasonCode: string, { isErasure }: { readonly isErasure: boolean }): DeadLetterReason {
  if (!isErasure && !isErasureReasonCode(reasonCode)) return 'not-an-event';
  return reasonOfErasureCode.get(reasonCode) ?? 'erasure-impossible';
}

const reasonOfCode: Readonly<Record<ErrorCode, DeadLetterReason>> = {
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
export function reasonOfErrorCode(errorCode: string | undefined): DeadLetterReason {
  return errorCode !== undefined && isErrorCode(errorCode) ? reasonOfCode[errorCode] : 'unknown';
}
