import type { DeadLetterReasonCode } from '../../../contract/dead-letter-reasons';
import type { Draws } from './draws';
import type { NotificationRecord } from './event-shapes';

/** The reasons for single records. */
export type MalformedRecordReason = Exclude<DeadLetterReasonCode, 'not-json' | 'not-an-event'>;

/** A message that is not an event of the bucket. It must be dead-lettered with its reason. */
export interface MalformedMessage {
  /** A part of the body that identifies the message. */
  readonly id: string;
  readonly body: string;
  readonly reason: DeadLetterReasonCode;
  /** The number of photos after which it is sent. */
  readonly afterPhotos: number;
}

/** Makes a record malformed. */
export function malformRecord(record: NotificationRecord, reason: MalformedRecordReason, id: string): object {
  const changes: Readonly<Record<MalformedRecordReason, object>> = {
    'record-malformed': { s3: { bucket: record.s3.bucket, object: {} } },
    'schema-unsupported': { eventVersion: '9.0' },
    'event-type-unsupported': { eventName: 'ObjectRestore:Post' },
    'wrong-bucket': { s3: { ...record.s3, bucket: { name: 'somebody-elses-bucket' } } },
  };
  return { ...record, ...changes[reason], id };
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
