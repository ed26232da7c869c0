import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { readBody } from 'loopback-server/loopback-server';
import { decodeAwsChunked } from './aws-chunked';
import { type Checksum, findChecksum, isChecksumHeader, verifyChecksum } from './checksums';
import { S3Error } from '../errors';

/** A verified request body. */
export interface RequestBody {
  readonly bytes: Buffer;
  /** The client's checksum, from a header or a trailer. */
  readonly checksum: Checksum | undefined;
}

/** Size limit. S3's own is 5 GB, but this server holds every object in memory. */
const maxBodyBytes = 64 * 1024 * 1024;

/**
 * Reads a request's body, decodes aws-chunked, and verifies every declared digest: Content-MD5, `x-amz-content-sha256`, and an
 * `x-amz-checksum-…` header or trailer.
 * @throws S3Error MissingContentLength, EntityTooLarge, IncompleteBody, InvalidDigest, BadDigest,
 * XAmzContentSHA256Mismatch, InvalidRequest, MalformedTrailerError, and errors of decodeAwsChunked.
 */
export async function readRequestBody(
  request: IncomingMessage,
  headers: ReadonlyMap<string, string>,
): Promise<RequestBody> {
  const contentSha256 = headers.get('x-amz-content-sha256') ?? '';
  const isAwsChunked = contentSha256.startsWith('STREAMING-');
  const declaredBytes = declaredLength(headers, isAwsChunked ? 'x-amz-decoded-content-length' : 'content-length');
  // Chunk headers and signatures are far smaller than the body.
  const raw = await readBody(request, 2 * maxBodyBytes);
  const { bytes, trailers } = isAwsChunked ? decodeAwsChunked(raw) : { bytes: raw, trailers: undefined };
  if (bytes.length !== declaredBytes) throw new S3Error('IncompleteBody');

  if (/^[0-9a-f]{64}$/.test(contentSha256)) verifySha256(bytes, contentSha256);
  verifyMd5(bytes, headers.get('content-md5'));
  const checksum = findChecksum(trailers === undefined ? headers : withTrailers(headers, trailers));
  if (checksum !== undefined) await verifyChecksum(bytes, checksum);
  return { bytes, checksum };
}

function declaredLength(headers: ReadonlyMap<string, string>, name: string): number {
  const length = headers.get(name);
  if (length === undefined || !/^\d+$/.test(length)) throw new S3Error('MissingContentLength');
  if (Number(length) > maxBodyBytes) {
    throw new S3Error('EntityTooLarge', { details: { ProposedSize: length, MaxSizeAllowed: String(maxBodyBytes) } });
  }
  return Number(length);
}

function verifySha256(bytes: Buffer, declared: string): void {
  const computed = createHash('sha256').update(bytes).digest('hex');
  if (computed !== declared) {
    throw new S3Error('XAmzContentSHA256Mismatch', {
      details: { ClientComputedContentSHA256: declared, S3ComputedContentSHA256: computed },
    });
  }
}

function verifyMd5(bytes: Buffer, declared: string | undefined): void {
  if (declared === undefined) return;
  const expected = Buffer.from(declared, 'base64');
  if (expected.length !== 16 || expected.toString('base64') !== declared) {
    throw new S3Error('InvalidDigest', { details: { 'Content-MD5': declared } });
  }
  const computed = createHash('md5').update(bytes).digest();
  if (!computed.equals(expected)) {
    throw new S3Error('BadDigest', {
      message: 'The Content-MD5 you specified did not match what we received.',
      details: { ExpectedDigest: expected.toString('hex'), CalculatedDigest: computed.toString('base64') },
    });
  }
}

/** The trailers must be those that `x-amz-trailer` announces. */
function withTrailers(
  headers: ReadonlyMap<string, string>,
  trailers: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const announced =
    headers
      .get('x-amz-trailer')
      ?.toLowerCase()
      .split(/\s*,\s*/) ?? [];
  const isComplete = announced.every((name) => trailers.has(name));
  const isAnnounced = [...trailers.keys()].filter(isChecksumHeader).every((name) => announced.includes(name));
  if (!isComplete || !isAnnounced) throw new S3Error('MalformedTrailerError');
  return new Map([...headers, ...trailers]);
}
