import type { ExpectedDeadLetters } from './dead-letter-audit';
import type { MalformedMessage } from '../plan/malformed-messages';
import type { PutPhoto } from '../world/photo-app';

/** What must come to the dead-letter queue: the malformed messages, and the malformed records beside those of photos. */
export function expectedDeadLetters(
  putPhotos: readonly PutPhoto[],
  messages: readonly MalformedMessage[],
): ExpectedDeadLetters {
  const records = putPhotos.flatMap(({ photo: { eventShape } }) =>
    eventShape.what === 'with a malformed record' ? [eventShape] : [],
  );
  return new Map([...records, ...messages].map(({ id, reason }) => [id, reason]));
}
