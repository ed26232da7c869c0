import { describe, expect, it } from '@jest/globals';
import { takeStatistic } from '../../../local/cloudwatch/statistics';

describe('a statistic', () => {
  const values = [40, 10, 30, 20];

  it.each([
    ['Sum', 100],
    ['Average', 25],
    ['Minimum', 10],
    ['Maximum', 40],
    ['SampleCount', 4],
    ['p50', 20],
    ['p95', 40],
    ['p99.9', 40],
    ['p0', 10],
  ])('%s is taken of all values', (statistic, value) => {
    expect(takeStatistic(statistic, values)).toBe(value);
  });

  it.each(['Sum', 'SampleCount', 'p50'])('%s of no values is nothing, and no 0', (statistic) => {
    expect(takeStatistic(statistic, [])).toBeUndefined();
  });

  it.each(['IQM', 'tm90', 'sum', 'p101'])('%s is refused, also where there are no values', (statistic) => {
    expect(() => takeStatistic(statistic, [])).toThrow(`does not know the statistic ${statistic}`);
  });
});
