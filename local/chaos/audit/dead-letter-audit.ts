import { isDeadLetterReasonCode } from '../../../contract/dead-letter-reasons';
import type { MalformedMessage } from '../plan/plan';
import type { PutPhoto } from '../world/photo-app';

/** A message of the dead-letter queue. */
export interface DeadLetter {
  readonly body: string;
  /** Undefined: SQS moved it there, after too many receives. */
  readonly reason: string | undefined;
}

/** The expected reasons in the dead-letter queue, by a part of the body. */
export type ExpectedDeadLetters = ReadonlyMap<string, string>;

/** The expected dead-lettered messages: malformed messages, and malformed records in messages with valid records. */
export function expectedDeadLetters(
  putPhotos: readonly PutPhoto[],
  messages: readonly MalformedMessage[],
): ExpectedDeadLetters {
  const records = putPhotos.flatMap(({ photo: { eventShape } }) =>
    eventShape.what === 'with a malformed record' ? [eventShape] : [],
  );
  return new Map([...records, ...messages].map(({ id, reason }) => [id, reason]));
}

/** The result of an audit of the dead-letter queue. */
export interface DeadLetterAudit {
  readonly deadLettered: number;
  /** Unexpected messages, and messages with the wrong reason. */
  readonly wronglyDeadLettered: number;
  /** Missing malformed messages and records. */
  readonly malformedLost: number;
  readonly findings: readonly string[];
}

/** Compares the dead-letter queue with the expected messages. Repeated messages are allowed. */
export function auditDeadLetters(found: readonly DeadLetter[], expected: ExpectedDeadLetters): DeadLetterAudit {
  const present = new Set<string>();
  const wrong = found.filter(({ body, reason }) => {
    const [id = ''] = /malformed-\w+-\d+/.exec(body) ?? [];
    present.add(id);
    return reason === undefined || !isDeadLetterReasonCode(reason) || expected.get(id) !== reason;
  });
  const missing = [...expected.keys()].filter((id) => !present.has(id));
  return {
    deadLettered: found.length,
    wronglyDeadLettered: wrong.length,
    malformedLost: missing.length,
    findings: [
      ...wrong.map(({ body, reason }) => `dead-lettered as ${reason ?? 'received too often'}: ${body.slice(0, 200)}`),
      ...missing.map((id) => `not in the dead-letter queue: ${id}`),
    ],
  };
}
