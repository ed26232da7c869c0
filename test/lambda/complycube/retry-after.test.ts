import { describe, expect, it } from '@jest/globals';
import { parseRetryAfter } from '../../../lambda/complycube/retry-after';

const now = Date.UTC(2026, 10, 23, 10, 0, 0);

describe('parseRetryAfter', () => {
  it.each([
    ['1', 1_000],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['36000', 36_000_000],
    ['007', 7_000],
    ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
    ['5, 120, 60', 120_000],
    ['5,7 , 6', 7_000],
    ['0, 3', 3_000],
    ['Mon, 23 Nov 2026 10:00:30 GMT', 30_000],
    ['Monday, 23-Nov-26 10:00:30 GMT', 30_000],
    ['Mon Nov 23 10:00:30 2026', 30_000],
    ['Mon Nov  2 10:00:30 2026', undefined],
    ['Wed Dec  2 10:00:00 2026', 9 * 24 * 3_600_000],
    ['Mon, 23 Nov 2026 10:00:30 GMT, Mon, 23 Nov 2026 10:00:50 GMT', 50_000],
    ['Mon, 99 Nov 2026 10:00:30 GMT, Mon, 23 Nov 2026 10:00:50 GMT', 50_000],
    ['Mon, 23 Nov 2026 20:00:00 GMT', 36_000_000],
  ])('reads %j', (value, waitMs) => {
    expect(parseRetryAfter(value, now)).toBe(waitMs);
  });

  it.each([
    '0',
    '00',
    '0, 0',
    '-5',
    '+5',
    '1.5',
    '1e3',
    '0x10',
    '5 seconds',
    '5, soon',
    'soon, 5',
    'soon',
    '',
    ',',
    'Mon, 23 Nov 2026 10:00:00 GMT',
    'Mon, 23 Nov 2026 09:00:00 GMT',
    'Thu, 01 Jan 1970 00:00:00 GMT',
    'Mon, 99 Nov 2026 10:00:30 GMT',
    '2026-11-23T10:00:30Z',
    'May 5',
    undefined,
  ])('ignores %j', (value) => {
    expect(parseRetryAfter(value, now)).toBeUndefined();
  });
});
