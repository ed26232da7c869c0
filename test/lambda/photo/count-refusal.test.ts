import { describe, expect, it } from '@jest/globals';
import { countRefusal } from '../../../lambda/photo/count-refusal';
import type { PhotoSummary } from '../../../lambda/delivery';
import { addRefusal, type RefusalCount } from '../../../contract/refusal-counts';
import { CountedRefusalError } from '../../../lambda/retry-later-error';

const nowMs = Date.UTC(2026, 10, 23, 12);
const rejection = { unknownClientRejectedAfterMs: 300_000, refusalRejectedAfterMs: 3_600_000, clockSkewMs: 60_000 };

/** Counts one more refusal, after `count` of them since `firstMsAgo`. */
async function count(
  code: 'client-unknown' | 'refused',
  before: { readonly count: number; readonly firstMsAgo: number },
  hasAcceptedSince: (ms: number) => Promise<boolean> = () => Promise.resolve(true),
) {
  const refusal = new CountedRefusalError(code, 'ComplyCube answered 409');
  const firstAt = new Date(nowMs - before.firstMsAgo).toISOString();
  const counted: RefusalCount = { count: before.count, firstAt, lastAt: firstAt };
  const summary: PhotoSummary = {};
  const claim = {
    refusalCount: () => counted,
    countRefusal: () => addRefusal(counted, new Date(nowMs).toISOString()),
  };
  const deps = { acceptedUploads: { hasAcceptedSince }, clock: { now: () => nowMs }, rejection };
  const result = await countRefusal(refusal, claim, { summary }, deps).catch((error: unknown) => error);
  return { result, isRetried: result === refusal, summary };
}

describe('a counted refusal', () => {
  it.each([
    ['client-unknown', 4, 300_000, false],
    ['client-unknown', 4, 299_999, true],
    ['client-unknown', 3, 300_000, true],
    ['refused', 4, 3_600_000, false],
    ['refused', 4, 3_599_999, true],
    ['refused', 3, 3_600_000, true],
  ] as const)(
    'of the kind %s, after %i others within %i ms, is retried: %s',
    async (code, others, firstMsAgo, expected) => {
      const { result, isRetried } = await count(code, { count: others, firstMsAgo });
      expect(isRetried).toBe(expected);
      if (!expected) {
        expect(result).toEqual({
          status: 'rejected',
          reason: code === 'refused' ? 'refused-by-complycube' : 'client-unknown',
          detail: 'ComplyCube answered 409',
        });
      }
    },
  );

  it('requires that another photo was accepted after the first refusal, by more than the clock skew', async () => {
    const asked: number[] = [];
    const { isRetried } = await count('refused', { count: 9, firstMsAgo: 7_200_000 }, (ms) => {
      asked.push(ms);
      return Promise.resolve(false);
    });
    expect(isRetried).toBe(true);
    expect(asked).toEqual([nowMs - 7_200_000 + 60_000]);
  });

  it('makes no request to S3 before the count is reached, nor for an unknown client', async () => {
    const unplanned = () => Promise.reject(new Error('unplanned request'));
    expect((await count('refused', { count: 1, firstMsAgo: 0 }, unplanned)).isRetried).toBe(true);
    expect((await count('client-unknown', { count: 9, firstMsAgo: 7_200_000 }, unplanned)).isRetried).toBe(false);
  });

  it.each([
    ['refused', 900_000, true],
    ['refused', 899_999, false],
    ['client-unknown', 900_000, undefined],
  ] as const)(
    'of the kind %s, %i ms after the previous one, is counted in the metric: %s',
    async (code, ago, isNew) => {
      expect((await count(code, { count: 1, firstMsAgo: ago })).summary.isNewlyRefused).toBe(isNew);
    },
  );
});
