import type { ObjectVersion } from '../buckets/bucket';
import { type ByteRange, parseByteRange } from '../requests/byte-range';
import { checksumHeaders } from '../requests/checksums';
import { isModifiedForReader } from '../requests/conditions';
import { invalidArgument } from '../errors';
import { findObject, versionHeaders } from './find-object';
import { metadataHeaders, systemMetadataHeaders } from './object-metadata';
import type { Operation, S3Call } from '../operation';

/** GetObject, and HeadObject: the server leaves the body out of every answer to a HEAD. */
export const getObject: Operation = (call, s3) => {
  const bucket = s3.buckets.get(call.bucketName);
  const object = findObject(call, bucket);
  const identity = {
    etag: `"${object.eTag}"`,
    'last-modified': object.lastModified.toUTCString(),
    ...versionHeaders(bucket, object),
  };
  if (!isModifiedForReader(call.headers, object)) return { status: 304, headers: identity };
  const range = parseByteRange(call.headers.get('range'), object.bytes.length);
  const headers = { ...identity, ...describe(object, range, call), ...overrides(call.query) };
  if (range === undefined) return { status: 200, headers, body: object.bytes };
  return { status: 206, headers, body: object.bytes.subarray(range.first, range.last + 1) };
};

function describe(object: ObjectVersion, range: ByteRange | undefined, call: S3Call): Readonly<Record<string, string>> {
  const { bytes, checksum, metadata, tags } = object;
  const isWhole = range === undefined || range.last - range.first + 1 === bytes.length;
  const isChecksumWanted = call.headers.get('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  return {
    'accept-ranges': 'bytes',
    'x-amz-server-side-encryption': 'AES256',
    ...metadataHeaders(metadata),
    ...(range !== undefined && { 'content-range': `bytes ${range.first}-${range.last}/${bytes.length}` }),
    ...(tags.length > 0 && { 'x-amz-tagging-count': String(tags.length) }),
    // A part of the body has no checksum of its own.
    ...(isChecksumWanted && isWhole && checksumHeaders(checksum)),
  };
}

/** The headers that a query such as `response-content-type=…` sets for this one answer. */
function overrides(query: URLSearchParams): Readonly<Record<string, string>> {
  const entries = systemMetadataHeaders.flatMap((header) => {
    const parameter = `response-${header}`;
    const value = query.get(parameter);
    if (value === null || value === '') return [];
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw invalidArgument(parameter, value, 'Header value cannot be represented using ISO-8859-1.');
    }
    return [[header, value] as const];
  });
  return Object.fromEntries(entries);
}
