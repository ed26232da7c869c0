import { describe, expect, it } from '@jest/globals';
import { addRefusal, isEnough, isNewRefusal } from '../../contract/refusal-counts';

const firstAt = '2026-11-23T10:00:00.000Z';
const firstMs = Date.parse(firstAt);
const hour = 3_600_000;
const counted = (count: number, lastAt = firstAt) => ({ count, firstAt, lastAt });

describe('a count of refusals', () => {
  it('starts with the first one', () => {
    expect(addRefusal(undefined, firstAt)).toEqual(counted(1));
  });

  it('keeps the time of the first one', () => {
    const later = '2026-11-23T11:00:00.000Z';
    expect(addRefusal(counted(4), later)).toEqual(counted(5, later));
  });

  it.each([
    [5, hour, true],
    [5, hour - 1, false],
    [4, hour, false],
    [4, 1_000 * hour, false],
    [100, hour - 1, false],
    [100, 1_000 * hour, true],
    [5, -hour, false],
  ])('of %i within %i ms is enough for a rejection: %s', (count, ageMs, isReached) => {
    expect(isEnough(counted(count), hour, firstMs + ageMs)).toBe(isReached);
  });

  it('with an unreadable time is never enough', () => {
    expect(isEnough({ ...counted(100), firstAt: 'yesterday' }, hour, firstMs)).toBe(false);
  });

  it.each([
    ['a first refusal', undefined, true],
    ['a refusal a quarter of an hour after the previous one', counted(1, '2026-11-23T09:45:00.000Z'), true],
    [
      'not a refusal less than a quarter of an hour after the previous one',
      counted(1, '2026-11-23T09:45:00.001Z'),
      false,
    ],
    [
      'not a refusal soon after the previous one, but long after the first',
      counted(9, '2026-11-23T09:59:00.000Z'),
      false,
    ],
  ])('counts in the metric %s', (_, before, isNew) => {
    expect(isNewRefusal(before, firstMs)).toBe(isNew);
  });
});
