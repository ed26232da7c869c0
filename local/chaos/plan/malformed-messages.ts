import type { DeadLetterReasonCode } from '../../../contract/dead-letter-reasons';
import type { Draws } from './draws';

/** A message that is not an event of the bucket. It must be dead-lettered with its reason. */
export interface MalformedMessage {
  /** A part of the body that identifies the message. */
  readonly id: string;
  readonly body: string;
  readonly reason: DeadLetterReasonCode;
  /** The number of photos after which it is sent. */
  readonly afterPhotos: number;
}

/** Draws messages with only malformed content. */
export function drawMalformedMessages(draws: Draws, photoCount: number): MalformedMessage[] {
  return Array.from({ length: Math.ceil(photoCount / 60) }, (_, at): MalformedMessage => {
    const id = `malformed-message-${at}`;
    const afterPhotos = draws.whole(0, photoCount - 1);
    return draws.isHit(0.5)
      ? { id, body: `This is no JSON: ${id}`, reason: 'not-json', afterPhotos }
      : { id, body: JSON.stringify({ greeting: id }), reason: 'not-an-event', afterPhotos };
  });
}
