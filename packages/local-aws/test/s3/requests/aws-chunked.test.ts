import { describe, it, expect } from '@jest/globals';
import fc from 'fast-check';
import { decodeAwsChunked } from '../../../src/s3/requests/aws-chunked';

/** Splits bytes into chunks of the given sizes; the last chunk contains the rest. */
function encode(bytes: Buffer, sizes: readonly number[], extension = '', trailers: readonly string[] = []): Buffer {
  const parts: (Buffer | string)[] = [];
  let offset = 0;
  for (const size of [...sizes, bytes.length]) {
    const chunk = bytes.subarray(offset, offset + size);
    if (chunk.length === 0) break;
    parts.push(`${chunk.length.toString(16)}${extension}\r\n`, chunk, '\r\n');
    offset += chunk.length;
  }
  parts.push(`0${extension}\r\n`, ...trailers.map((trailer) => `${trailer}\r\n`), '\r\n');
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

const bytesArbitrary = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
const sizesArbitrary = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 });

describe('decodeAwsChunked', () => {
  it('decodes any bytes in any chunks, signed or not', () => {
    const extensionArbitrary = fc.constantFrom('', `;chunk-signature=${'0f'.repeat(32)}`);
    fc.assert(
      fc.property(bytesArbitrary, sizesArbitrary, extensionArbitrary, (bytes, sizes, extension) => {
        const { bytes: decoded, trailers } = decodeAwsChunked(encode(bytes, sizes, extension), 1);
        expect(decoded.equals(bytes)).toBe(true);
        expect(trailers.size).toBe(0);
      }),
    );
  });

  it('decodes chunks of the minimum size', () => {
    const bytes = Buffer.alloc(30_000, 'photo');
    expect(decodeAwsChunked(encode(bytes, [8192, 9000])).bytes.equals(bytes)).toBe(true);
  });

  it('refuses any body that is truncated before its last chunk', () => {
    fc.assert(
      fc.property(bytesArbitrary, sizesArbitrary, fc.double({ min: 0, max: 1, noNaN: true }), (bytes, sizes, part) => {
        const body = encode(bytes, sizes);
        const withoutEnd = body.subarray(0, body.length - '0\r\n\r\n'.length);
        const cut = withoutEnd.subarray(0, Math.floor(part * withoutEnd.length));
        expect(() => decodeAwsChunked(cut, 1)).toThrow(expect.objectContaining({ code: 'IncompleteBody' }));
      }),
    );
  });

  it('reads the trailers except their signature', () => {
    const body = encode(Buffer.from('abc'), [], '', ['X-Amz-Checksum-Crc32: NSRBwg==', 'x-amz-trailer-signature:0f0f']);
    expect([...decodeAwsChunked(body).trailers]).toEqual([['x-amz-checksum-crc32', 'NSRBwg==']]);
  });

  it('reads trailers without a final empty line', () => {
    const body = Buffer.from('3\r\nabc\r\n0\r\nx-amz-checksum-crc32:NSRBwg==\r\n');
    expect(decodeAwsChunked(body).trailers.get('x-amz-checksum-crc32')).toBe('NSRBwg==');
  });

  it('refuses a trailer without a name', () => {
    const body = encode(Buffer.from('abc'), [], '', ['NSRBwg==']);
    expect(() => decodeAwsChunked(body)).toThrow(expect.objectContaining({ code: 'MalformedTrailerError' }));
  });

  it('refuses a chunk smaller than 8 KiB that is not the last', () => {
    const body = encode(Buffer.alloc(10_000), [8191]);
    expect(() => decodeAwsChunked(body)).toThrow(expect.objectContaining({ code: 'InvalidChunkSizeError' }));
  });

  it.each(['no chunks', 'xyz\r\nabc\r\n0\r\n\r\n', '2\r\nabc\r\n0\r\n\r\n', '2\r\nab\n\n0\r\n\r\n', '-1\r\n\r\n'])(
    'refuses the malformed body %j',
    (body) => {
      expect(() => decodeAwsChunked(Buffer.from(body))).toThrow(expect.objectContaining({ code: 'IncompleteBody' }));
    },
  );
});
