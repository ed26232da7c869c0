import { describe, expect, it } from '@jest/globals';
import { backoffMs } from '../../lambda/backoff';

describe('backoffMs', () => {
  it.each([
    [1, 60_000],
    [2, 120_000],
    [6, 1_920_000],
    [7, 3_600_000],
    [500, 3_600_000],
  ])('waits up to 30 s × 2^%d, at most an hour', (receives, longestMs) => {
    expect(backoffMs(receives, undefined, () => 1)).toBe(longestMs);
    expect(backoffMs(receives, undefined, () => 0)).toBe(0);
    expect(backoffMs(receives, undefined, () => 0.25)).toBe(longestMs / 4);
  });

  it('waits as long as it was asked to, at most an hour', () => {
    expect(backoffMs(1, 7_000)).toBe(7_000);
    expect(backoffMs(1, 0)).toBe(0);
    expect(backoffMs(1, 86_400_000)).toBe(3_600_000);
  });
});
