/** The message attribute with a {@link DeadLetterReasonCode}, on messages that the function itself dead-letters. */
export const deadLetterReasonAttribute = 'DeadLetterReason';

/** Why the function dead-letters a message at once: it is not an event of this stack's bucket. */
export const deadLetterReasonCodes = {
  'not-json': 'the message is not JSON',
  'not-an-event': 'the message is neither an S3 event notification nor an EventBridge event of S3',
  'schema-unsupported': 'the major version of the event schema is unknown',
  'event-type-unsupported': 'the event is neither a creation nor a removal of an object',
  'record-malformed': 'a field that is required is missing or malformed',
  'wrong-bucket': 'the event is about another bucket',
} as const;

/** One of {@link deadLetterReasonCodes}. */
export type DeadLetterReasonCode = keyof typeof deadLetterReasonCodes;

/** Type guard for {@link DeadLetterReasonCode}. */
export function isDeadLetterReasonCode(text: string): text is DeadLetterReasonCode {
  return Object.hasOwn(deadLetterReasonCodes, text);
}
