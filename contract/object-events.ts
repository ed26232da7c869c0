import { type ClientErasureRequest, isClientErasure, parseClientErasure } from './client-erasure-message';
import { deadLetterReasonCodes, type DeadLetterReasonCode } from './dead-letter-reasons';
import { type ErasureRequest, isErasure, parseErasure } from './erasure-message';
import { isJsonObject, type JsonObject } from './json-object';
import { decodeObjectKey } from './object-key';
import type { ObjectVersion } from './object-version';

/** The photo object of an event: its version, or at least its bytes. */
export interface PhotoLocation extends ObjectVersion {
  /** Whether CopyObject created the object. It also copies tags. */
  readonly isCopy: boolean;
  /** When the object was created, from the event (ISO 8601). */
  readonly eventTime: string;
  /** The reason of a retracted rejection. If the object's tags have exactly this reason, the photo is processed again. */
  readonly retractedRejection?: string | undefined;
}

/**
 * The record field that retracts a rejection. S3 never sets it. The command line's `redrive` does. Only principals that may send to
 * the queue can set it.
 */
export const retractedRejectionField = 'complycubeRetractedRejection';

/** The content of a message. Each record is read separately. */
export interface MessageContent {
  readonly photos: readonly PhotoLocation[];
  /** The request of an erasure: of a version, or of a client. A message that is one has no photos. */
  readonly erasure?: ErasureRequest | ClientErasureRequest;
  /** Records that are not events of this bucket: one message for each reason. */
  readonly deadLetters: readonly DeadLetterPart[];
}

/** The records of a message that are dead-lettered for the same reason. */
export interface DeadLetterPart {
  /** Has the same shape as the original message. */
  readonly body: string;
  readonly reason: DeadLetterReasonCode;
}

/** A message or record that is not an event this function knows. */
class NotAnEventError extends Error {
  constructor(readonly reason: DeadLetterReasonCode) {
    super(deadLetterReasonCodes[reason]);
  }
}

/**
 * Reads a message's body: an S3 event notification, an S3 event of EventBridge, or the request of an erasure.
 *
 * Fields that the function does not use may be missing, new or malformed. For S3's test event and for removals, both lists are
 * empty. Shapes: S3 user guide, "Event message structure" (schema 2.x) and "EventBridge event message structure".
 * @param bucket the only bucket whose events are processed. Undefined: the bucket is not checked.
 */
export function readMessage(body: string, bucket?: string): MessageContent {
  const event = parseJson(body);
  if (isJsonObject(event) && requestsErasure(event)) return readErasure(event, body, bucket);
  const records: readonly unknown[] = isJsonObject(event) && Array.isArray(event['Records']) ? event['Records'] : [];
  const parts = records.length > 0 ? records : [event];
  const photos = new Map<string, PhotoLocation>();
  const misfits = new Map<DeadLetterReasonCode, unknown[]>();
  for (const part of parts) {
    try {
      const photo = records.length > 0 ? readRecord(part) : readWholeEvent(part);
      if (photo === undefined) continue;
      if (bucket !== undefined && photo.bucket !== bucket) throw new NotAnEventError('wrong-bucket');
      // Two records of one version would compete for its claim at every delivery.
      photos.set(JSON.stringify({ ...photo, eventTime: undefined }), photo);
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
  return { photos: [...photos.values()], deadLetters };
}

/** Whether a message is meant as the request of an erasure: of a version, or of a client. */
export function requestsErasure(message: JsonObject): boolean {
  return isErasure(message) || isClientErasure(message);
}

function readErasure(message: JsonObject, body: string, bucket: string | undefined): MessageContent {
  // A message that is meant as both has a field that `parseErasure` does not know.
  const erasure = isErasure(message) ? parseErasure(message) : parseClientErasure(message);
  if (typeof erasure === 'string') return { photos: [], deadLetters: [{ body, reason: erasure }] };
  const isForeign = bucket !== undefined && 'bucket' in erasure && erasure.bucket !== bucket;
  return isForeign
    ? { photos: [], deadLetters: [{ body, reason: 'wrong-bucket' }] }
    : { photos: [], erasure, deadLetters: [] };
}

/** @returns undefined when the records are nested too deeply for JSON.stringify. Node 26 has no such limit. */
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

/** An invalid time would make all metrics computed from it useless. */
function timeAt(object: JsonObject, name: string): string {
  const time = textAt(object, name);
  if (Number.isNaN(Date.parse(time))) throw new NotAnEventError('record-malformed');
  return time;
}
