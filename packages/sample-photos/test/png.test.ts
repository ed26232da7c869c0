import { describe, it, expect } from '@jest/globals';
import fc from 'fast-check';
import { crc32, inflateSync } from 'node:zlib';
import { makePng } from '../src/png';

interface Chunk {
  type: string;
  data: Buffer;
  isIntact: boolean;
}

function readChunks(png: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at < png.length;) {
    const end = at + 8 + png.readUInt32BE(at);
    chunks.push({
      type: png.toString('latin1', at + 4, at + 8),
      data: png.subarray(at + 8, end),
      isIntact: crc32(png.subarray(at + 4, end)) === png.readUInt32BE(end),
    });
    at = end + 4;
  }
  return chunks;
}

describe('makePng', () => {
  it('makes a complete PNG of exactly the requested size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 34_000, max: 4_194_304 }), fc.nat(), (bytes, seed) => {
        const png = makePng({ bytes, seed });
        expect(png).toHaveLength(bytes);
        expect(png.toString('latin1', 0, 8)).toBe('\x89PNG\r\n\x1a\n');

        const chunks = readChunks(png);
        expect(chunks.map(({ type }) => type)).toEqual(['IHDR', 'paDd', 'IDAT', 'IEND']);
        expect(chunks.every(({ isIntact }) => isIntact)).toBe(true);

        const [header, , pixels] = chunks;
        const widthPixels = header?.data.readUInt32BE(0) ?? 0;
        const heightPixels = header?.data.readUInt32BE(4) ?? 0;
        expect(widthPixels).toBeGreaterThanOrEqual(480);
        expect(inflateSync(pixels?.data ?? Buffer.alloc(0))).toHaveLength(heightPixels * (1 + 3 * widthPixels));
      }),
      { numRuns: 25 },
    );
  });

  it.each([12_000, 33_999, 34_000, 450_000, 950_000, 1_900_000, 4_194_304, 4_194_305])(
    'makes %i bytes, where a plan or a limit starts, with any face',
    (bytes) => {
      for (const seed of [1, 2, 3, 4]) expect(makePng({ bytes, seed })).toHaveLength(bytes);
    },
  );

  it('makes the same bytes from the same seed and other bytes from another', () => {
    const options = { bytes: 40_000, seed: 5 };
    expect(makePng(options).equals(makePng(options))).toBe(true);
    expect(makePng(options).equals(makePng({ ...options, seed: 6 }))).toBe(false);
  });

  it('refuses a size that is too small for a portrait', () => {
    expect(() => makePng({ bytes: 5_000, seed: 1 })).toThrow(RangeError);
  });
});
