import type { EventReasonCode } from '../../../contract/dead-letter-reasons';
import type { Draws } from './draws';

/** The reasons for single records. */
type MalformedRecordReason = Exclude<EventReasonCode, 'not-json' | 'not-an-event'>;

/** The form of an event's message: from S3, from EventBridge, or with another record. */
export type EventShape =
  | { readonly what: 'notification' }
  | { readonly what: 'EventBridge event' }
  /** In one message with the next photo's record. */
  | { readonly what: 'with the next record' }
  /** In one message with the removal of an object, which the function skips. */
  | { readonly what: 'with a removal' }
  /** In one message with a malformed record, which belongs in the dead-letter queue. */
  | { readonly what: 'with a malformed record'; readonly reason: MalformedRecordReason; readonly id: string };

/** Draws the form of an event's message. */
export function drawEventShape(draws: Draws): EventShape {
  const what = draws.weighted<EventShape['what']>({
    notification: 13,
    'EventBridge event': 3,
    'with the next record': 2,
    'with a removal': 1,
    'with a malformed record': 1,
  });
  if (what !== 'with a malformed record') return { what };
  const reason = draws.oneOf(['record-malformed', 'schema-unsupported', 'event-type-unsupported', 'wrong-bucket']);
  return { what, reason, id: `malformed-record-${draws.whole(0, 1e9)}` };
}

/** The parts of a record of S3's notification that this file changes. */
export interface NotificationRecord {
  readonly eventName: string;
  readonly eventTime: string;
  readonly s3: {
    readonly bucket: { readonly name: string };
    readonly object: {
      readonly key: string;
      readonly size: number;
      readonly eTag: string;
      readonly versionId?: string;
    };
  };
}

/** The record of S3's notification; undefined for the test event. */
export function recordOf(body: string): NotificationRecord | undefined {
  return (JSON.parse(body) as { readonly Records?: readonly NotificationRecord[] }).Records?.[0];
}

/** A message with these records. */
export function messageOf(records: readonly unknown[]): string {
  return JSON.stringify({ Records: records });
}

/** The message for one photo's record in the given form. */
export function shapeMessage(record: NotificationRecord, shape: EventShape): string {
  switch (shape.what) {
    case 'notification':
    case 'with the next record':
      return messageOf([record]);
    case 'EventBridge event':
      return JSON.stringify(eventBridgeEventOf(record));
    case 'with a removal':
      return messageOf([{ ...record, eventName: 'ObjectRemoved:Delete' }, record]);
    case 'with a malformed record':
      return messageOf([record, malformRecord(record, shape.reason, shape.id)]);
  }
}

/** Makes a record malformed. */
function malformRecord(record: NotificationRecord, reason: MalformedRecordReason, id: string): object {
  const changes: Readonly<Record<MalformedRecordReason, object>> = {
    'record-malformed': { s3: { bucket: record.s3.bucket, object: {} } },
    'schema-unsupported': { eventVersion: '9.0' },
    'event-type-unsupported': { eventName: 'ObjectRestore:Post' },
    'wrong-bucket': { s3: { ...record.s3, bucket: { name: 'somebody-elses-bucket' } } },
  };
  return { ...record, ...changes[reason], id };
}

/** The event that S3 puts on the event bus for the same object (S3 user guide, "EventBridge event message structure"). */
function eventBridgeEventOf({ eventName, eventTime, s3: { bucket, object } }: NotificationRecord): object {
  return {
    version: '0',
    'detail-type': 'Object Created',
    source: 'aws.s3',
    time: eventTime,
    detail: {
      version: '0',
      bucket: { name: bucket.name },
      object: {
        key: decodeURIComponent(object.key.replaceAll('+', ' ')),
        size: object.size,
        etag: object.eTag,
        'version-id': object.versionId,
      },
      reason: eventName === 'ObjectCreated:Copy' ? 'CopyObject' : 'PutObject',
    },
  };
}
