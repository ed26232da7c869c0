import { describe, it, expect } from '@jest/globals';
import fc from 'fast-check';
import { decode } from 'jpeg-js';
import { makeJpeg } from '../src/jpeg';

/** The size of the APP15 segments after the JFIF segment. */
function paddingOf(jpeg: Buffer): number {
  let at = 20;
  while (jpeg.readUInt16BE(at) === 0xffef) at += 2 + jpeg.readUInt16BE(at + 2);
  return at - 20;
}

describe('makeJpeg', () => {
  it('makes a decodable JPEG of exactly the requested size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 34_000, max: 4_194_304 }), fc.nat(), (bytes, seed) => {
        const jpeg = makeJpeg({ bytes, seed });
        expect(jpeg).toHaveLength(bytes);
        const { width, height } = decode(jpeg, { useTArray: true, tolerantDecoding: false });
        expect([480, 720]).toContain(width);
        expect(height / width).toBeCloseTo(4 / 3);
      }),
      { numRuns: 8 },
    );
  });

  it.each([65_536, 65_537, 65_538, 131_074, 131_075])(
    'pads with %i bytes, about the maximum size of segments',
    (padding) => {
      const seed = 1;
      const bytes = makeJpeg({ bytes: 40_000, seed }).length - paddingOf(makeJpeg({ bytes: 40_000, seed })) + padding;
      const jpeg = makeJpeg({ bytes, seed });
      expect(jpeg).toHaveLength(bytes);
      expect(paddingOf(jpeg)).toBe(padding);
    },
  );

  it('draws a face in front of a wall, and another one for another seed', () => {
    const [first, second] = [1, 2].map((seed) => decode(makeJpeg({ bytes: 40_000, seed }), { useTArray: true }));
    const { width = 0, height = 0, data = new Uint8Array() } = first ?? {};
    const pixel = (x: number, y: number) => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)];
    const [red = 0, , blue = 0] = pixel(width / 2, Math.round(height * 0.37));
    expect(red).toBeGreaterThan(120);
    expect(red).toBeGreaterThan(blue + 20);
    expect(Math.min(...pixel(2, 2))).toBeGreaterThan(180);
    expect(Buffer.compare(data, second?.data ?? data)).not.toBe(0);
  });

  it.each([12_000, 33_999, 34_000, 220_000, 800_000, 4_194_304, 4_194_305])(
    'makes %i bytes, where a plan or a limit starts, with any face',
    (bytes) => {
      for (const seed of [1, 2, 3, 4]) expect(makeJpeg({ bytes, seed })).toHaveLength(bytes);
    },
  );

  it('makes the same bytes from the same seed and other bytes from another', () => {
    const options = { bytes: 40_000, seed: 5 };
    expect(makeJpeg(options).equals(makeJpeg(options))).toBe(true);
    expect(makeJpeg(options).equals(makeJpeg({ ...options, seed: 6 }))).toBe(false);
  });

  it('refuses a size that is too small for a portrait', () => {
    expect(() => makeJpeg({ bytes: 5_000, seed: 1 })).toThrow(RangeError);
  });
});
