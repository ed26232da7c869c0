import { deadLetterReasonCodes, type DeadLetterReasonCode } from './dead-letter-reasons';
import { isJsonObject, type JsonObject } from './json-object';
import { decodeObjectKey } from './object-key';

/** Where a photo object is: the version, or at least the bytes, that the event was about. */
export interface PhotoLocation {
  readonly bucket: string;
  /** As the app wrote it, not URL-encoded. */
  readonly key: string;
  /** Absent when the bucket has no versions; `null` when its versioning is suspended. */
  readonly versionId: string | undefined;
  /** Without quotes, as events give it. */
  readonly eTag: string;
  /** Whether the object was made by CopyObject, which copies tags too. */
  readonly isCopy: boolean;
  /** When the object was created, as the event says; ISO 8601. */
  readonly eventTime: string;
  /** A rejection that a person took back: if the object's tags show exactly this one, the photo is processed again. */
  readonly retractedRejection?: string | undefined;
}

/**
 * The field of a notification's record that takes a rejection back. S3 never sends it. Only principals that may send to the queue
 * can, and the command line's `redrive` does.
 */
export const retractedRejectionField = 'complycubeRetractedRejection';

/** What a message holds. Each record is judged by itself. */
export interface MessageContent {
  readonly photos: readonly PhotoLocation[];
  /** What is no event of this bucket: one message for each reason, however many records a message has. */
  readonly deadLetters: readonly DeadLetterPart[];
}

/** A message, or those of its records, that is no event of this bucket for one and the same reason. */
export interface DeadLetterPart {
  /** In the shape of the message it came in. */
  readonly body: string;
  readonly reason: DeadLetterReasonCode;
}

/** A message or record that is no event that this function knows. */
class NotAnEventError extends Error {
  override readonly name = 'NotAnEventError';

  constructor(readonly reason: DeadLetterReasonCode) {
    super(deadLetterReasonCodes[reason]);
  }
}

/**
 * Reads a message's body: an S3 event notification, or EventBridge's events of S3.
 *
 * Fields that are not needed may be missing, new or strange. S3's own test event and removals of objects hold no photo: both
 * lists are empty then. Shapes: S3 user guide, "Event message structure" (schema 2.x) and "EventBridge event message structure".
 * @param bucket the only bucket whose events are processed. Default: any.
 */
export function readMessage(body: string, bucket?: string): MessageContent {
  const event = parseJson(body);
  const records: readonly unknown[] = isJsonObject(event) && Array.isArray(event['Records']) ? event['Records'] : [];
  const parts = records.length > 0 ? records : [event];
  const photos: PhotoLocation[] = [];
  const misfits = new Map<DeadLetterReasonCode, unknown[]>();
  for (const part of parts) {
    try {
      const photo = records.length > 0 ? readRecord(part) : readWholeEvent(part);
      if (photo === undefined) continue;
      if (bucket !== undefined && photo.bucket !== bucket) throw new NotAnEventError('wrong-bucket');
      photos.push(photo);
    } catch (error) {
      if (!(error instanceof NotAnEventError)) throw error;
      const alike = misfits.get(error.reason);
      if (alike === undefined) misfits.set(error.reason, [part]);
      else alike.push(part);
    }
  }
  const deadLetters = [...misfits].map(([reason, alike]) => ({
    body: alike.length === parts.length ? body : (recordsBody(alike) ?? body),
    reason,
  }));
  return { photos, deadLetters };
}

/** @returns undefined when the records are nested too deeply to be written. */
function recordsBody(records: readonly unknown[]): string | undefined {
  try {
    return JSON.stringify({ Records: records });
  } catch {
    return undefined;
  }
}

/** @returns undefined when there is nothing to do. */
function readWholeEvent(event: unknown): PhotoLocation | undefined {
  if (event === undefined) throw new NotAnEventError('not-json');
  if (!isJsonObject(event)) throw new NotAnEventError('not-an-event');
  if (event['Event'] === 's3:TestEvent') return undefined;
  if (event['source'] !== 'aws.s3') throw new NotAnEventError('not-an-event');
  if (event['detail-type'] === 'Object Deleted') return undefined;
  if (event['detail-type'] !== 'Object Created') throw new NotAnEventError('event-type-unsupported');
  const detail = objectAt(event, 'detail');
  const object = objectAt(detail, 'object');
  return {
    bucket: textAt(objectAt(detail, 'bucket'), 'name'),
    key: textAt(object, 'key'),
    versionId: versionAt(object, 'version-id'),
    eTag: textAt(object, 'etag'),
    isCopy: detail['reason'] === 'CopyObject',
    eventTime: timeAt(event, 'time'),
  };
}

/** @returns undefined when there is nothing to do. */
function readRecord(record: unknown): PhotoLocation | undefined {
  if (!isJsonObject(record)) throw new NotAnEventError('record-malformed');
  if (!textAt(record, 'eventVersion').startsWith('2.')) throw new NotAnEventError('schema-unsupported');
  // S3's documentation shows names with and without this prefix.
  const eventName = textAt(record, 'eventName').replace(/^s3:/, '');
  if (/^(ObjectRemoved|LifecycleExpiration):/.test(eventName)) return undefined;
  if (!eventName.startsWith('ObjectCreated:')) throw new NotAnEventError('event-type-unsupported');
  const s3 = objectAt(record, 's3');
  const object = objectAt(s3, 'object');
  const retracted = record[retractedRejectionField];
  return {
    bucket: textAt(objectAt(s3, 'bucket'), 'name'),
    key: decodeKey(textAt(object, 'key')),
    versionId: versionAt(object, 'versionId'),
    eTag: textAt(object, 'eTag'),
    isCopy: eventName === 'ObjectCreated:Copy',
    eventTime: timeAt(record, 'eventTime'),
    retractedRejection: typeof retracted === 'string' ? retracted : undefined,
  };
}

/** S3's notifications URL-encode keys, with `+` for a space. */
function decodeKey(encoded: string): string {
  try {
    return decodeObjectKey(encoded);
  } catch {
    throw new NotAnEventError('record-malformed');
  }
}

/** @returns undefined when the text is not JSON. A byte order mark at its start is ignored. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

function objectAt(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  if (!isJsonObject(value)) throw new NotAnEventError('record-malformed');
  return value;
}

function textAt(object: JsonObject, name: string): string {
  const value = object[name];
  if (typeof value !== 'string' || value === '') throw new NotAnEventError('record-malformed');
  return value;
}

function versionAt(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A time that can't be read would make every figure that is computed from it useless. */
function timeAt(object: JsonObject, name: string): string {
  const time = textAt(object, name);
  if (Number.isNaN(Date.parse(time))) throw new NotAnEventError('record-malformed');
  return time;
}
