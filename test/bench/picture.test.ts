import { describe, expect, it } from '@jest/globals';
import { scale, similarityDb } from '../../bench/browser/picture';

const checks = {
  width: 4,
  height: 2,
  data: Uint8Array.from({ length: 32 }, (_, at) => ((at >> 2) % 2 === 0 ? 200 : 100)),
};

describe('the reference for a picture that was made smaller', () => {
  it('averages the pixels of each area', () => {
    expect(scale(checks, 2, 1)).toEqual({ width: 2, height: 1, data: new Uint8Array(8).fill(150) });
  });

  it('counts a pixel in two areas by its shares', () => {
    const { data } = scale(
      { width: 3, height: 1, data: Uint8Array.from([0, 0, 0, 0, 90, 90, 90, 90, 30, 30, 30, 30]) },
      2,
      1,
    );
    expect([...data]).toEqual([30, 30, 30, 30, 50, 50, 50, 50]);
  });
});

describe('the similarity of two pictures', () => {
  it('grows with smaller differences, and ignores transparency', () => {
    const by = (change: number, alpha = 0) => ({
      ...checks,
      data: checks.data.map((level, at) => level + (at % 4 === 3 ? alpha : change)),
    });
    expect(similarityDb(checks, by(50))).toBeLessThan(similarityDb(checks, by(1)));
    expect(similarityDb(checks, by(1))).toBeCloseTo(48.13, 2);
    expect(similarityDb(by(1, 7), checks)).toBe(similarityDb(by(1), checks));
  });

  it('is not defined for different sizes', () => {
    expect(() => similarityDb(checks, scale(checks, 2, 1))).toThrow('different sizes');
  });
});
