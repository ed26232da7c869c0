import { describe, expect, it } from '@jest/globals';
import { formatTime, formatValue, roundTicks } from '../../../local/dashboard/format';

describe('the scale of a graph', () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 0.5, 1]],
    [7, [0, 2.5, 5, 7.5]],
    [10, [0, 5, 10]],
    [95, [0, 50, 100]],
    [3_600_000, [0, 2_000_000, 4_000_000]],
  ])('has round ticks up to the first one at or above %d', (greatest, ticks) => {
    expect(roundTicks(greatest)).toEqual(ticks);
  });

  it.each<[number, string | undefined, string]>([
    [0, 'Milliseconds', '0'],
    [120, 'Milliseconds', '120 ms'],
    [1_500, 'Milliseconds', '1.5 s'],
    [90_000, 'Milliseconds', '1.5 min'],
    [7_200_000, 'Milliseconds', '2 h'],
    [2_400_000, 'Bytes', '2.4 MB'],
    [12_345, 'Count', '12,345'],
    [1.26, undefined, '1.3'],
  ])('formats %d %s as %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  it('shows times in UTC, like CloudWatch', () => {
    expect(formatTime(Date.UTC(2026, 0, 1, 7, 5))).toBe('07:05');
  });
});
