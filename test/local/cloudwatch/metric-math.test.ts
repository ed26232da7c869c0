import { describe, expect, it } from '@jest/globals';
import { parseExpression } from '../../../local/cloudwatch/metric-math';

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
  ])('takes %s as %d', (expression, value) => {
    expect(take(expression)).toBe(value);
  });

  it.each(['one + missing', 'missing * none', 'IF(missing >= 1, one, two)', 'one / none'])(
    'has no value for %s: missing is no 0',
    (expression) => {
      expect(take(expression)).toBeUndefined();
    },
  );

  it('does not need what the branch that it does not take would need', () => {
    expect(take('IF(one, two, missing)')).toBe(2);
  });

  it.each([
    ['FILL(one, 0)', 'FILL'],
    ['SUM(METRICS())', 'SUM'],
    ['one ^ two', '^'],
    ['one two', 'two'],
    ['(one', 'the end'],
    ['IF(one, two)', ')'],
    ['', 'the end'],
  ])('refuses %s, and names what it does not know', (expression, token) => {
    expect(() => parseExpression(expression)).toThrow(`does not know '${token}'`);
  });
});
