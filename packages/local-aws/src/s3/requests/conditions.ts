import type { ObjectVersion } from '../buckets/bucket';
import { S3Error } from '../errors';

type Headers = ReadonlyMap<string, string>;

/**
 * Evaluates the conditions of a read, in the precedence that S3's API reference (GetObject) gives them.
 * @returns false when the client's copy is still good: 304.
 * @throws S3Error PreconditionFailed.
 */
export function isModifiedForReader(headers: Headers, object: ObjectVersion): boolean {
  const ifMatch = headers.get('if-match');
  const ifUnmodifiedSince = parseDate(headers.get('if-unmodified-since'));
  if (ifMatch !== undefined) {
    if (!listsETag(ifMatch, object.eTag)) throw preconditionFailed('If-Match');
  } else if (ifUnmodifiedSince !== undefined && object.lastModified > ifUnmodifiedSince) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  const ifNoneMatch = headers.get('if-none-match');
  if (ifNoneMatch !== undefined) return !listsETag(ifNoneMatch, object.eTag);
  const ifModifiedSince = parseDate(headers.get('if-modified-since'));
  // A date in the future counts as none.
  if (ifModifiedSince === undefined || ifModifiedSince.getTime() > Date.now()) return true;
  return object.lastModified > ifModifiedSince;
}

/**
 * Evaluates the conditions of a write against the key's current object. It must run in the same turn as the write, so
 * that of two conditional writers one loses.
 * Source: S3's user guide, "How to prevent object overwrites with conditional writes".
 * @throws S3Error PreconditionFailed; NoSuchKey for If-Match without an object; NotImplemented for values S3 does not take.
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
 * Evaluates the condition of a delete against the key's current object, in the same turn as the delete.
 * Source: S3's user guide, "How to perform conditional deletes"; without a current object S3 is seen to answer 404, and
 * 501 to a condition together with a version.
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

/** Whether a header's list of ETags, with or without quotes, holds this one. */
function listsETag(header: string, eTag: string): boolean {
  const eTags = header.split(',').map((listed) => listed.trim().replace(/^"(.*)"$/, '$1'));
  return eTags.includes('*') || eTags.includes(eTag);
}

function parseDate(header: string | undefined): Date | undefined {
  const date = new Date(header ?? NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
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
