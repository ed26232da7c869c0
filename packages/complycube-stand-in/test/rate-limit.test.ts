import { afterEach, describe, it, expect } from '@jest/globals';
import fc from 'fast-check';
import { RateLimit } from '../src/rate-limit';
import { startComplyCube, type LocalComplyCube } from '../src/server';
import { call, liveKey, startUnlimited, testKey } from './call';

/** Times of requests, ascending, with bursts and pauses. */
const arrivals = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 }), fc.double({ min: 0, max: 1500, noNaN: true })))
  .map((pausesMs) => {
    let now = 0;
    return pausesMs.map((pauseMs) => (now += pauseMs));
  });

function acceptedOf(moments: number[], requestsPerSecond: number, blockMs = 0): number[] {
  let now = 0;
  const limit = new RateLimit({ requestsPerSecond, blockMs, nowMs: () => now });
  return moments.filter((moment) => {
    now = moment;
    return limit.accept();
  });
}

const within = (moments: number[], after: number, until: number) =>
  moments.filter((moment) => moment > after && moment <= until).length;

describe('RateLimit', () => {
  it('accepts at most its limit in any 1,000 ms, and refuses no other request', () => {
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 12 }), (moments, limit) => {
        const accepted = acceptedOf(moments, limit);
        // The windows with the most requests end with an accepted request.
        for (const moment of accepted) expect(within(accepted, moment - 1000, moment)).toBeLessThanOrEqual(limit);
        const refused = moments.filter((moment) => !accepted.includes(moment));
        for (const moment of refused) expect(within(accepted, moment - 1000, moment)).toBe(limit);
      }),
    );
  });

  it('accepts every request of a caller at the limit', () => {
    const evenly = Array.from({ length: 50 }, (_, index) => index * 100);
    expect(acceptedOf(evenly, 10)).toEqual(evenly);
  });

  it('accepts a request when the oldest accepted one is 1,000 ms old, and not before', () => {
    expect(acceptedOf([0, 1, 999.9, 1000, 1000.5, 1001], 2)).toEqual([0, 1, 1000, 1001]);
  });

  it('refuses all requests during a block', () => {
    expect(acceptedOf([0, 10, 500, 1005, 3009, 3010], 1, 3000)).toEqual([0, 3010]);
  });

  it('reports the peak of a second, including refused requests', () => {
    let now = 0;
    const limit = new RateLimit({ requestsPerSecond: 2, blockMs: 0, nowMs: () => now });
    for (now of [0, 1, 2, 3, 1001, 2500]) limit.accept();
    expect(limit.peakRequestsPerSecond).toBe(4);
  });
});

describe('the rate limit over HTTP', () => {
  let complyCube: LocalComplyCube;
  let now = 0;
  afterEach(() => complyCube.close());

  const statusesOf = async (times: number, key: string): Promise<number[]> => {
    const replies = await Promise.all(
      Array.from({ length: times }, () => call(complyCube, 'GET /v1/livePhotos?clientId=x', { key })),
    );
    return replies.map(({ status }) => status).sort((a, b) => a - b);
  };
  const statuses = (accepted: number, refused: number) => [
    ...Array<number>(accepted).fill(200),
    ...Array<number>(refused).fill(429),
  ];

  it('is 5 a second in the sandbox and 10 live, over all keys of each', async () => {
    complyCube = await startComplyCube({ keys: [testKey, 'test_second', liveKey], nowMs: () => now });
    expect(await statusesOf(4, testKey)).toEqual(statuses(4, 0));
    expect(await statusesOf(3, 'test_second')).toEqual(statuses(1, 2));
    expect(await statusesOf(12, liveKey)).toEqual(statuses(10, 2));
    now += 1000;
    expect(await statusesOf(6, testKey)).toEqual(statuses(5, 1));
    expect(complyCube.statistics().peakRequestsPerSecond).toEqual({ test: 7, live: 12 });
  });

  it('returns the documented error, without Retry-After', async () => {
    complyCube = await startUnlimited({ requestsPerSecond: { test: 0 } });
    const { status, headers, json } = await call(complyCube, 'GET /v1/livePhotos?clientId=x');
    expect(status).toBe(429);
    expect(headers.get('retry-after')).toBeNull();
    expect(json).toEqual({
      type: 'rate_limit_exceeded',
      message: 'You have exceeded the rate limit prescribed to your plan',
    });
  });

  it('returns the configured Retry-After', async () => {
    complyCube = await startUnlimited({ requestsPerSecond: { test: 0 }, retryAfterSeconds: 30 });
    const { headers } = await call(complyCube, 'GET /v1/livePhotos?clientId=x');
    expect(headers.get('retry-after')).toBe('30');
  });

  it('does not count requests without a valid key', async () => {
    complyCube = await startUnlimited({ requestsPerSecond: { test: 1 } });
    for (let count = 0; count < 3; count++)
      await call(complyCube, 'GET /v1/livePhotos?clientId=x', { key: 'test_wrong' });
    expect((await call(complyCube, 'GET /v1/livePhotos?clientId=x')).status).toBe(200);
  });
});
