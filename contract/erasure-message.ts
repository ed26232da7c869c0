import type { ErasureReasonCode } from './dead-letter-reasons';
import type { JsonObject } from './json-object';
import type { ObjectVersion } from './object-version';

/**
 * The field that marks a message as the request to erase a version of a photo object. Its value is the version of the message's
 * form. Events of S3 and EventBridge never have it.
 */
export const erasureField = 'complycubeErasure';

/** The only form of the message so far. */
const formVersion = 1;

/** What every request of an erasure has. */
export interface RequestedErasure {
  /** The same for a redelivery, another one for another request. */
  readonly requestId: string;
  /** ISO 8601. */
  readonly requestedAt: string;
}

/**
 * A request to erase a version of a photo object. It names neither a live photo nor a client: the function deletes only what the
 * version's own tags or its claim name.
 */
export interface ErasureRequest extends ObjectVersion, RequestedErasure {}

/** Creates the body of a message that requests an erasure. */
export function erasureMessage({ bucket, key, versionId, eTag, requestId, requestedAt }: ErasureRequest): string {
  return JSON.stringify({ [erasureField]: formVersion, bucket, key, versionId, eTag, requestId, requestedAt });
}

/** Whether a message is meant as the request of an erasure. It may still be malformed. */
export function isErasure(message: JsonObject): boolean {
  return erasureField in message;
}

/** Part of an object's key and of log lines. */
const requestIdForm = /^[A-Za-z0-9-]{8,64}$/;

const timeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;

const fields: ReadonlySet<string> = new Set([
  erasureField,
  ...(['bucket', 'key', 'versionId', 'eTag', 'requestId', 'requestedAt'] satisfies (keyof ErasureRequest)[]),
]);

/** Parses a message that {@link isErasure}. @returns the request, or why the message is dead-lettered. */
export function parseErasure(message: JsonObject): ErasureRequest | ErasureReasonCode {
  if (message[erasureField] !== formVersion) return 'erasure-unsupported';
  const { bucket, key, versionId, eTag, requestId, requestedAt } = message;
  // A field that the function does not know could be meant to name what is deleted.
  if (!Object.keys(message).every((name) => fields.has(name))) return 'erasure-malformed';
  if (!isText(bucket) || !isText(key) || !isText(eTag)) return 'erasure-malformed';
  if (versionId !== undefined && !isText(versionId)) return 'erasure-malformed';
  const request = { requestId, requestedAt };
  return isRequest(request) ? { bucket, key, versionId, eTag, ...request } : 'erasure-malformed';
}

/** Type guard for {@link RequestedErasure}. */
export function isRequest(request: {
  readonly [Name in keyof RequestedErasure]: unknown;
}): request is RequestedErasure {
  const { requestId, requestedAt } = request;
  return isText(requestId) && requestIdForm.test(requestId) && isText(requestedAt) && isTime(requestedAt);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isTime(text: string): boolean {
  return timeForm.test(text) && !Number.isNaN(Date.parse(text));
}
