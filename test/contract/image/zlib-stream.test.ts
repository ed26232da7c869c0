import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Unzlib } from 'fflate';
import { constants, deflateSync } from 'node:zlib';
import { isWholeZlibStream } from '../../../contract/image/zlib-stream';
import { noiseBytes } from 'sample-photos/noise';

const limit = 1_000_000;
const mixed = Buffer.concat([
  noiseBytes('zlib', 40_000),
  Buffer.alloc(40_000),
  Buffer.from('to be compressed '.repeat(3_000)),
]);

describe('isWholeZlibStream', () => {
  it.each([
    ['nothing', Buffer.alloc(0), {}],
    ['stored blocks', mixed, { level: 0 }],
    ['fixed codes', mixed, { strategy: constants.Z_FIXED }],
    ['dynamic codes', mixed, { level: 9 }],
    ['only literals', mixed, { strategy: constants.Z_HUFFMAN_ONLY }],
    ['runs', mixed, { strategy: constants.Z_RLE }],
    ['a small window', mixed, { windowBits: 9 }],
  ])('accepts a complete stream with %s, and rejects it when it is cut off', (_, data, options) => {
    const stream = deflateSync(data, options);
    expect(isWholeZlibStream([stream], limit)).toBe(true);
    expect(isWholeZlibStream([stream, Buffer.alloc(5)], limit)).toBe(true);
    expect(isWholeZlibStream([stream.subarray(0, 3), stream.subarray(3)], limit)).toBe(true);
    expect(isWholeZlibStream([stream.subarray(0, -8)], limit)).toBe(false);
    expect(isWholeZlibStream([stream.subarray(0, stream.length / 2)], limit)).toBe(false);
  });

  it('accepts any data that zlib compressed', () => {
    const runs = fc.array(fc.tuple(fc.nat({ max: 255 }), fc.nat({ max: 600 })), { maxLength: 40 });
    fc.assert(
      fc.property(runs, fc.integer({ min: 0, max: 9 }), (list, level) => {
        const data = Buffer.concat(list.map(([byte, times]) => Buffer.alloc(times, byte)));
        expect(isWholeZlibStream([deflateSync(data, { level })], limit)).toBe(true);
      }),
    );
  });

  it('never throws for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(isWholeZlibStream([Buffer.from([0x78, 0x9c]), bytes], limit)).toBeDefined();
      }),
    );
  });

  it('rejects more data than allowed', () => {
    expect(isWholeZlibStream([deflateSync(Buffer.alloc(limit))], limit)).toBe(true);
    expect(isWholeZlibStream([deflateSync(Buffer.alloc(limit + 1))], limit)).toBe(false);
  });

  it('decompresses at most 8 KB at a time, whatever the size of the pieces', () => {
    const push = jest.spyOn(Unzlib.prototype, 'push');
    const bomb = deflateSync(Buffer.alloc(100 * limit));
    expect(isWholeZlibStream([bomb], limit)).toBe(false);
    const crumbs = Array.from(deflateSync(mixed, { level: 0 }), (byte) => Buffer.from([byte]));
    expect(isWholeZlibStream(crumbs, limit)).toBe(true);
    const pushed = push.mock.calls.map(([bytes]) => bytes.length);
    expect(Math.max(...pushed)).toBeLessThanOrEqual(8 * 1024);
    expect(pushed.length).toBeLessThan(crumbs.length / 1_000);
    push.mockRestore();
  });
});
