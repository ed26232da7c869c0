import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { constants, deflateSync, inflateSync } from 'node:zlib';
import { isWholeZlibStream } from '../../../contract/image/zlib-stream';
import { noiseBytes } from 'sample-photos/noise';

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
    expect(isWholeZlibStream([stream])).toBe(true);
    expect(isWholeZlibStream([stream, Buffer.alloc(5)])).toBe(true);
    expect(isWholeZlibStream([stream.subarray(0, 3), stream.subarray(3)])).toBe(true);
    expect(isWholeZlibStream([stream.subarray(0, -1)])).toBe(false);
    expect(isWholeZlibStream([stream.subarray(0, -8)])).toBe(false);
    expect(isWholeZlibStream([stream.subarray(0, stream.length / 2)])).toBe(false);
  });

  it('accepts any data that zlib compressed', () => {
    const runs = fc.array(fc.tuple(fc.nat({ max: 255 }), fc.nat({ max: 600 })), { maxLength: 40 });
    fc.assert(
      fc.property(runs, fc.integer({ min: 0, max: 9 }), (list, level) => {
        const data = Buffer.concat(list.map(([byte, times]) => Buffer.alloc(times, byte)));
        expect(isWholeZlibStream([deflateSync(data, { level })])).toBe(true);
      }),
    );
  });

  it('never throws for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(isWholeZlibStream([Buffer.from([0x78, 0x9c]), bytes])).toBeDefined();
      }),
    );
  });

  it('joins pieces of any length', () => {
    const crumbs = Array.from(deflateSync(mixed), (byte) => Buffer.from([byte]));
    expect(isWholeZlibStream(crumbs)).toBe(true);
    expect(isWholeZlibStream(crumbs.slice(0, -5))).toBe(false);
  });

  it.each([
    ['an unknown type of block', [0b111]],
    ['a stored block whose length is damaged', [0b001, 1, 0, 0, 0, 9]],
    ['a symbol that has no code', [0b101, 0b11111, 0, 0, 0, 0, 0, 0, 0, 0]],
  ])('rejects %s', (_, bytes) => {
    expect(isWholeZlibStream([Buffer.from([0x78, 0x9c, ...bytes, 0, 0, 0, 0])])).toBe(false);
  });

  it('says the same as zlib about any stream that is damaged', () => {
    const stream = deflateSync(mixed.subarray(30_000, 90_000));
    fc.assert(
      fc.property(fc.nat({ max: stream.length - 5 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(stream);
        damaged.writeUInt8(damaged.readUInt8(at) ^ change, at);
        // zlib also checks the data, so it may refuse more.
        if (isWholeForZlib(damaged)) expect(isWholeZlibStream([damaged])).toBe(true);
      }),
    );
  });
});

function isWholeForZlib(stream: Buffer): boolean {
  try {
    inflateSync(stream);
    return true;
  } catch {
    return false;
  }
}
