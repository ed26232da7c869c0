import { describe, expect, it } from '@jest/globals';
import { maxReceiveCount, photoDeadlineMs, queueRetentionDays, maxWaitMs } from '../../contract/durations';
import { anyMixture, failureKinds, minRetriesMs, retentionMarginMs, retryBounds } from '../../contract/retry-bounds';

const settings = { maxReceiveCount, photoDeadlineMs, visibilityMs: maxWaitMs };
const latestAllowedMs = queueRetentionDays * 86_400_000 - retentionMarginMs;

describe('retryBounds', () => {
  it.each([...Object.entries(failureKinds), ['any mixture of these', anyMixture] as const])(
    'are at least four days, and end a day before the retention does: %s',
    (_, ways) => {
      const { earliestMs, latestMs } = retryBounds(ways, settings);
      expect(earliestMs).toBeGreaterThanOrEqual(minRetriesMs);
      expect(latestMs).toBeGreaterThanOrEqual(earliestMs);
      expect(latestMs).toBeLessThanOrEqual(latestAllowedMs);
    },
  );

  it('are the sums of the waits of each receive', () => {
    const twice = { maxReceiveCount: 2, photoDeadlineMs: 60_000, visibilityMs: 600_000 };
    expect(retryBounds([{ end: 'failed' }], twice)).toEqual({
      earliestMs: 60_000 + 120_000,
      latestMs: 75_000 + 60_000 + 150_000 + 60_000,
    });
    expect(retryBounds([{ end: 'failed', hintMs: 300_000 }], twice)).toEqual({
      earliestMs: 2 * 300_000,
      latestMs: 2 * (375_000 + 60_000),
    });
    expect(retryBounds([{ end: 'killed' }], twice)).toEqual({ earliestMs: 180_000, latestMs: 225_000 });
    expect(retryBounds([{ end: 'not-started' }], twice)).toEqual({ earliestMs: 1_200_000, latestMs: 1_200_000 });
    expect(retryBounds([{ end: 'failed' }, { end: 'not-started' }], twice)).toEqual({
      earliestMs: 180_000,
      latestMs: 1_200_000,
    });
  });

  it('count a killed invocation with at least the photo’s deadline', () => {
    const slow = { maxReceiveCount: 1, photoDeadlineMs: 90_000, visibilityMs: 600_000 };
    expect(retryBounds([{ end: 'killed' }], slow)).toEqual({ earliestMs: 90_000, latestMs: 90_000 });
  });
});
