import { describe, expect, it } from '@jest/globals';
import { ratios, spreadOf } from '../../bench/statistics';

describe('spreadOf', () => {
  it.each([
    [[7], { median: 7, low: 7, high: 7, rounds: 1 }],
    [[3, 1, 2], { median: 2, low: 1.5, high: 2.5, rounds: 3 }],
    [[4, 1, 3, 2], { median: 2.5, low: 1.75, high: 3.25, rounds: 4 }],
    [[1, 1, 1, 1, 100], { median: 1, low: 1, high: 1, rounds: 5 }],
  ])('computes median and quartiles of %j', (values, spread) => {
    expect(spreadOf(values)).toEqual(spread);
  });

  it('does not reorder its input', () => {
    const values = [3, 1, 2];
    spreadOf(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('throws without values', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

describe('ratios', () => {
  it('divides round by round, so that a slow round cancels out', () => {
    expect(ratios([1, 10, 2], [2, 20, 4])).toEqual([0.5, 0.5, 0.5]);
  });

  it('throws for series of different lengths', () => {
    expect(() => ratios([1], [1, 2])).toThrow(RangeError);
  });
});
