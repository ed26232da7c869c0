import { describe, expect, it } from '@jest/globals';
import { backoffMs } from '../../contract/backoff';

const shortest = (receives: number, hintMs?: number): number => backoffMs(receives, hintMs, () => 0);
const longest = (receives: number, hintMs?: number): number => backoffMs(receives, hintMs, () => 1);

describe('backoffMs', () => {
  it.each([
    [1, 60_000],
    [2, 120_000],
    [6, 1_920_000],
    [7, 2_880_000],
    [130, 2_880_000],
    [5_000, 2_880_000],
  ])('doubles the wait with each receive up to 48 minutes: receive %d', (receives, waitMs) => {
    expect(shortest(receives)).toBe(waitMs);
  });

  it('adds up to a quarter of the wait as jitter, with and without a hint', () => {
    expect(longest(1)).toBe(75_000);
    expect(backoffMs(1, undefined, () => 0.5)).toBe(67_500);
    expect(longest(1, 120_000)).toBe(150_000);
    expect(longest(130)).toBe(3_600_000);
  });

  it.each([0, 1, 1_000, -3_600_000])('does not wait less because of a hint of %d ms', (hintMs) => {
    expect(shortest(1, hintMs)).toBe(60_000);
    expect(shortest(9, hintMs)).toBe(2_880_000);
  });

  it('waits longer for a longer hint, up to 48 minutes and jitter', () => {
    expect(shortest(1, 300_000)).toBe(300_000);
    expect(shortest(1, 36_000_000)).toBe(2_880_000);
    expect(longest(1, 36_000_000)).toBe(3_600_000);
  });

  it('draws the jitter at random by default', () => {
    const drawn = Array.from({ length: 100 }, () => backoffMs(1, undefined));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(60_000);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(75_000);
    expect(new Set(drawn).size).toBeGreaterThan(1);
  });
});
