import { describe, expect, it } from '@jest/globals';
import { pollWaitMs } from '../../app/poll-wait';

describe('the wait before tags are read again', () => {
  it('doubles each time, up to five seconds', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 100].map((reads) => pollWaitMs(reads, () => 0));
    expect(waits).toEqual([200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
  });

  it('is shortened by at most half', () => {
    expect(pollWaitMs(1, () => 1)).toBe(100);
    expect(pollWaitMs(100, () => 1)).toBe(2500);
  });
});
