import { describe, expect, it } from '@jest/globals';
import { parseExpression } from '../../../local/cloudwatch/metric-math';
import { takeStatistic } from '../../../local/cloudwatch/metric-query';

const values: Readonly<Record<string, number>> = { one: 1, two: 2, ten: 10, none: 0 };
const take = (expression: string) => parseExpression(expression)((id) => values[id]);

describe('metric math', () => {
  it.each([
    ['one + two * ten', 21],
    ['(one + two) * ten', 30],
    ['ten - two - one', 7],
    ['ten / two / two', 2.5],
    ['100 * one / (one + two + 7)', 10],
    ['ten >= 10', 1],
    ['ten < 10', 0],
    ['IF(one + two >= 3, 100 * one, 0)', 100],
    ['IF(ten <= two, 1, IF(two > one, 2, 3))', 2],
    ['FILL(missing, 3) + FILL(one, 5)', 4],
  ])('evaluates %s to %d', (expression, value) => {
    expect(take(expression)).toBe(value);
  });

  it.each(['one + missing', 'missing * none', 'IF(missing >= 1, one, two)', 'one / none'])(
    'has no value for %s',
    (expression) => {
      expect(take(expression)).toBeUndefined();
    },
  );

  it('does not require values of the other branch of IF', () => {
    expect(take('IF(one, two, missing)')).toBe(2);
  });

  it.each([
    ['SUM(one, 0)', 'SUM'],
    ['SUM(METRICS())', 'SUM'],
    ['one ^ two', '^'],
    ['one two', 'two'],
    ['(one', 'the end'],
    ['IF(one, two)', ')'],
    ['', 'the end'],
  ])('refuses %s and names the unsupported part', (expression, token) => {
    expect(() => parseExpression(expression)).toThrow(`'${token}' is not supported`);
  });
});

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
  ])('%s is computed from all values', (statistic, value) => {
    expect(takeStatistic(statistic, values)).toBe(value);
  });

  it.each(['Sum', 'SampleCount', 'p50'])('%s of no values is undefined, not 0', (statistic) => {
    expect(takeStatistic(statistic, [])).toBeUndefined();
  });

  it.each(['IQM', 'tm90', 'sum', 'p101'])('%s is refused, even without values', (statistic) => {
    expect(() => takeStatistic(statistic, [])).toThrow(`The statistic ${statistic} is not supported`);
  });
});
