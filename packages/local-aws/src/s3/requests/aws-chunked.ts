import { S3Error } from '../errors';

/** The content of an aws-chunked body. */
export interface DecodedBody {
  readonly bytes: Buffer;
  /** By lower-case name, without the trailers' signature. */
  readonly trailers: ReadonlyMap<string, string>;
}

/** Every chunk except the last has at least this size (S3 API reference, "Signature calculations: multiple chunks"). */
const minChunkBytes = 8192;

/**
 * Decodes an aws-chunked body: chunks of `SIZE[;chunk-signature=…]\r\n…\r\n`, the last of size 0 (in hex), then
 * trailers of `name:value\r\n` and an empty line. Signatures are not verified.
 * Source: S3 API reference, "Signature calculations for the authorization header: transferring payload in multiple
 * chunks" and "… including trailing headers".
 * @throws S3Error IncompleteBody if the body is truncated or malformed; InvalidChunkSizeError;
 * MalformedTrailerError.
 */
export function decodeAwsChunked(body: Buffer, minBytes = minChunkBytes): DecodedBody {
  const chunks: Buffer[] = [];
  let offset = 0;
  for (;;) {
    const headEnd = body.indexOf('\r\n', offset);
    const size = parseChunkSize(body.toString('latin1', offset, Math.max(headEnd, offset)));
    const start = headEnd + 2;
    if (size === 0) return { bytes: Buffer.concat(chunks), trailers: parseTrailers(body.toString('latin1', start)) };
    const end = start + size;
    if (body.toString('latin1', end, end + 2) !== '\r\n') throw new S3Error('IncompleteBody');
    const previousBytes = chunks.at(-1)?.length ?? minBytes;
    if (previousBytes < minBytes) throw new S3Error('InvalidChunkSizeError');
    chunks.push(body.subarray(start, end));
    offset = end + 2;
  }
}

function parseChunkSize(head: string): number {
  const size = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(head)?.[1];
  if (size === undefined) throw new S3Error('IncompleteBody');
  return parseInt(size, 16);
}

function parseTrailers(text: string): ReadonlyMap<string, string> {
  const trailers = new Map<string, string>();
  // Some clients omit the final empty line, and some end a trailer with a line feed only.
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue;
    const separator = line.indexOf(':');
    if (separator < 1) throw new S3Error('MalformedTrailerError');
    const name = line.slice(0, separator).trim().toLowerCase();
    if (name !== 'x-amz-trailer-signature') trailers.set(name, line.slice(separator + 1).trim());
  }
  return trailers;
}
