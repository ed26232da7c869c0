import { S3Error } from '../errors';

/** The first and the last byte of a part of an object. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads a Range header. S3 ignores one that is malformed or names several ranges, and answers the whole object.
 * @throws S3Error InvalidRange when no byte of the object lies in the range.
 */
export function parseByteRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const [, firstText, lastText] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (firstText === undefined || lastText === undefined || firstText + lastText === '') return undefined;
  const isSuffix = firstText === '';
  const first = isSuffix ? Math.max(sizeBytes - Number(lastText), 0) : Number(firstText);
  const askedLast = isSuffix || lastText === '' ? Infinity : Number(lastText);
  if (askedLast < first) return undefined;
  if (first >= sizeBytes) {
    throw new S3Error('InvalidRange', {
      details: { RangeRequested: header ?? '', ActualObjectSize: String(sizeBytes) },
    });
  }
  return { first, last: Math.min(askedLast, sizeBytes - 1) };
}
