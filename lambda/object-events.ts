/** Where a photo object is, pinned to the very bytes that the event was about. */
export interface PhotoLocation {
  readonly bucket: string;
  /** The object's key as the app wrote it, not URL-encoded. */
  readonly key: string;
  /** Absent when the bucket has no versions. */
  readonly versionId: string | undefined;
  /** Without quotes, as events give it. */
  readonly eTag: string;
  /** Whether the object was made by CopyObject, which copies tags too. */
  readonly isCopy: boolean;
  /** When the object was created, as the event says; ISO 8601. */
  readonly eventTime: string;
  /** A rejection that a person took back: while the object's tags tell just this one, it is processed as if they told none. */
  readonly retractedRejection?: string | undefined;
}

/**
 * The name in a notification's record of a rejection that is taken back. S3 never sends it: just who may send to the queue can,
 * and the command line's `redrive` does.
 */
export const retractedRejectionField = 'complycubeRetractedRejection';

/** A message's body is not an event that this function knows. It is kept: the message goes to the dead-letter queue. */
export class MalformedEventError extends Error {
  override readonly name = 'MalformedEventError';
}

/**
 * Reads the photo locations in a message's body: an S3 event notification or EventBridge's `Object Created`.
 *
 * Fields that are not needed may be missing, new or strange. S3's own test event has no photo: the answer is empty.
 * Shapes: S3 user guide, "Event message structure" (schema 2.x) and "EventBridge event message structure".
 * @throws MalformedEventError when the body is anything else.
 */
export function parseObjectEvents(body: string): PhotoLocation[] {
  const event = parseJsonObject(body);
  if (event['Event'] === 's3:TestEvent') return [];
  if (Array.isArray(event['Records'])) return event['Records'].map(parseNotificationRecord);
  if (event['detail-type'] === 'Object Created') return [parseEventBridgeEvent(event)];
  throw new MalformedEventError('The message is neither an S3 event notification nor an EventBridge "Object Created"');
}

function parseNotificationRecord(value: unknown): PhotoLocation {
  const record = objectAt(value, 'record');
  const version = textAt(record, 'eventVersion');
  if (!version.startsWith('2.')) throw new MalformedEventError(`S3 event schema ${version} is not 2.x`);
  const eventName = textAt(record, 'eventName');
  if (!eventName.startsWith('ObjectCreated:'))
    throw new MalformedEventError(`${eventName} is not an object's creation`);
  const s3 = objectAt(record['s3'], 's3');
  const object = objectAt(s3['object'], 's3.object');
  return location(objectAt(s3['bucket'], 's3.bucket'), decodeKey(textAt(object, 'key')), {
    versionId: object['versionId'],
    eTag: textAt(object, 'eTag'),
    isCopy: eventName === 'ObjectCreated:Copy',
    eventTime: timeAt(record, 'eventTime'),
    retractedRejection: parseRetraction(record[retractedRejectionField]),
  });
}

function parseEventBridgeEvent(event: JsonObject): PhotoLocation {
  const detail = objectAt(event['detail'], 'detail');
  const object = objectAt(detail['object'], 'detail.object');
  return location(objectAt(detail['bucket'], 'detail.bucket'), textAt(object, 'key'), {
    versionId: object['version-id'],
    eTag: textAt(object, 'etag'),
    isCopy: detail['reason'] === 'CopyObject',
    eventTime: timeAt(event, 'time'),
  });
}

function location(
  bucket: JsonObject,
  key: string,
  { versionId, ...more }: { versionId: unknown } & Omit<PhotoLocation, 'bucket' | 'key' | 'versionId'>,
): PhotoLocation {
  const version = typeof versionId === 'string' && versionId !== '' ? versionId : undefined;
  return { bucket: textAt(bucket, 'name'), key, versionId: version, ...more };
}

function parseRetraction(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** S3's notifications URL-encode keys, with `+` for a space; a malformed escape concerns this message alone. */
function decodeKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch (cause) {
    throw new MalformedEventError('The object key holds a malformed escape', { cause });
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

function parseJsonObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // JSON.parse's own message quotes the text, which may name clients: it is not passed on.
    throw new MalformedEventError('The message is not JSON');
  }
  return objectAt(value, 'message');
}

function objectAt(value: unknown, name: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedEventError(`The event's ${name} is not an object`);
  }
  return value as JsonObject;
}

function textAt(object: JsonObject, name: string): string {
  const value = object[name];
  if (typeof value !== 'string' || value === '') throw new MalformedEventError(`The event's ${name} is not a text`);
  return value;
}

/** A time that can't be read would make every figure that comes of it useless. */
function timeAt(object: JsonObject, name: string): string {
  const time = textAt(object, name);
  if (Number.isNaN(Date.parse(time))) throw new MalformedEventError(`The event's ${name} is not a time`);
  return time;
}
