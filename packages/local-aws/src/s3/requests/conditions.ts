import type { ObjectVersion } from '../buckets/bucket';
import { S3Error } from '../errors';

type Headers = ReadonlyMap<string, string>;

/**
 * Checks If-Match and If-None-Match of a read.
 * @returns false if the client's copy is current: 304.
 * @throws S3Error PreconditionFailed.
 */
export function isModifiedForReader(headers: Headers, object: ObjectVersion): boolean {
  const ifMatch = headers.get('if-match');
  if (ifMatch !== undefined && !listsETag(ifMatch, object.eTag)) throw preconditionFailed('If-Match');
  const ifNoneMatch = headers.get('if-none-match');
  return ifNoneMatch === undefined || !listsETag(ifNoneMatch, object.eTag);
}

/**
 * Checks the conditions of a write against the key's current object. Must run in the same turn of the event loop as the
 * write, so that only one of two conditional writers succeeds.
 * Source: S3 user guide, "How to prevent object overwrites with conditional writes".
 * @throws S3Error PreconditionFailed; NoSuchKey for If-Match without an object; NotImplemented for values that S3 refuses.
 */
export function checkWriteConditions(headers: Headers, key: string, current: ObjectVersion | undefined): void {
  const ifMatch = headers.get('if-match');
  const ifNoneMatch = headers.get('if-none-match');
  if (ifMatch !== undefined && ifNoneMatch !== undefined) {
    throw refusedCondition('If-Match,If-None-Match', 'Multiple conditional request headers present in the request');
  }
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== '*') throw refusedValue('If-None-Match');
    if (current !== undefined) throw preconditionFailed('If-None-Match');
  }
  if (ifMatch !== undefined) {
    if (ifMatch === '*') throw refusedValue('If-Match');
    requireMatch(ifMatch, key, current);
  }
}

/**
 * Checks the condition of a delete against the key's current object, in the same turn of the event loop as the delete.
 * Source: S3 user guide, "How to perform conditional deletes". As observed, S3 returns 404 without a current object, and 501
 * for a condition together with a version.
 * @throws S3Error PreconditionFailed, NoSuchKey, NotImplemented.
 */
export function checkDeleteCondition(
  ifMatch: string | undefined,
  key: string,
  versionId: string | undefined,
  current: ObjectVersion | undefined,
): void {
  if (ifMatch === undefined) return;
  if (versionId !== undefined) throw new S3Error('NotImplemented', { details: { Header: 'If-Match' } });
  requireMatch(ifMatch, key, current);
}

function requireMatch(ifMatch: string, key: string, current: ObjectVersion | undefined): void {
  if (current === undefined) throw new S3Error('NoSuchKey', { details: { Key: key } });
  if (!listsETag(ifMatch, current.eTag)) throw preconditionFailed('If-Match');
}

/** Whether a header's list of ETags, with or without quotes, contains this one. */
function listsETag(header: string, eTag: string): boolean {
  const eTags = header.split(',').map((listed) => listed.trim().replace(/^"(.*)"$/, '$1'));
  return eTags.includes('*') || eTags.includes(eTag);
}

function preconditionFailed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', { details: { Condition: condition } });
}

function refusedValue(header: string): S3Error {
  return refusedCondition(header, `We don't accept the provided value of ${header} header for this API`);
}

function refusedCondition(header: string, reason: string): S3Error {
  return new S3Error('NotImplemented', { details: { Header: header, additionalMessage: reason } });
}
