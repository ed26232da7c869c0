/** The message attribute with a {@link DeadLetterReasonCode}, on messages that the function itself dead-letters. */
export const deadLetterReasonAttribute = 'DeadLetterReason';

const eventReasonCodes = {
  'not-json': 'the message is not JSON',
  'not-an-event': 'the message is neither an S3 event notification nor an EventBridge event of S3',
  'schema-unsupported': 'the major version of the event schema is unknown',
  'event-type-unsupported': 'the event is neither a creation nor a removal of an object',
  'record-malformed': 'a field that is required is missing or malformed',
  'wrong-bucket': 'the event is about another bucket',
} as const;

const erasureReasonCodes = {
  'erasure-malformed': 'a field of the erasure is missing, malformed or unknown',
  'erasure-unsupported': 'the form of the erasure is unknown',
  'operators-not-named': 'the stack names no operators, so it refuses erasures',
  'sender-not-operator': 'the sender of the erasure is not a role, so it is no operator',
  'version-mismatch': 'the version to erase has another ETag',
  'live-photo-unproven': 'the tags of the version to erase may be copied, and no claim names its live photo',
  'live-photo-unknown': 'the version to erase is gone, and no claim tells which live photo it had',
} as const;

/** Why the function dead-letters a message at once: it is not an event of this stack's bucket, or an erasure that can't be done. */
export const deadLetterReasonCodes = { ...eventReasonCodes, ...erasureReasonCodes } as const;

/** Why an event is dead-lettered. */
export type EventReasonCode = keyof typeof eventReasonCodes;

/** Why the request of an erasure is dead-lettered. `wrong-bucket` also applies. */
export type ErasureReasonCode = keyof typeof erasureReasonCodes;

/** Type guard for {@link ErasureReasonCode}. */
export function isErasureReasonCode(text: string): text is ErasureReasonCode {
  return Object.hasOwn(erasureReasonCodes, text);
}

/** One of {@link deadLetterReasonCodes}. */
export type DeadLetterReasonCode = EventReasonCode | ErasureReasonCode;

/** Type guard for {@link DeadLetterReasonCode}. */
export function isDeadLetterReasonCode(text: string): text is DeadLetterReasonCode {
  return Object.hasOwn(deadLetterReasonCodes, text);
}
