import type { ExpectedDeadLetters } from './dead-letter-audit';
import type { MalformedMessage } from '../plan/malformed-messages';
import type { PutPhoto } from '../world/photo-app';

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
