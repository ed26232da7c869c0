import { describe, expect, it } from '@jest/globals';
import { maxReceiveCount } from '../../../../contract/durations';
import { type Scenario, scenarios } from '../../../../local/drain/simulate/scenarios';
import { simulate, type SimulationSettings } from '../../../../local/drain/simulate/simulate';

const settings: SimulationSettings = { photos: 60, requestsPerSecond: 10, concurrency: 2, seed: 1 };
const backlog: Scenario = { name: 'backlog', latencyMs: 1_000, uploadHours: 0, outage: undefined };
/** The longest wait before a retry, with jitter, and the time for the calls. */
const longestWaitHours = 1.1;

const run = (scenario: Scenario, more: Partial<SimulationSettings> = {}) =>
  simulate(scenario, { ...settings, ...more }, { onProgress: () => undefined, signal: new AbortController().signal });
const scenarioNamed = (name: string): Scenario => scenarios.find((scenario) => scenario.name === name) ?? backlog;

/** The function's timeout when the figures of docs/measurements.md were measured. */
const measuredTimeoutMs = 220_000;

describe('a simulated backlog', () => {
  it.each([
    [200, 0.974, 207],
    [1_000, 0.967, 209],
    [2_000, 0.961, 212],
    [5_000, 0.939, 224],
  ])(
    'uses the same share of the limit as in real time when ComplyCube answers within %d ms',
    async (latencyMs, share, billedMs) => {
      const photos = 2_000;
      const figures = await run({ ...backlog, latencyMs }, { photos, timeoutMs: measuredTimeoutMs });
      expect(Math.abs((figures.shareOfLimit ?? 0) - share)).toBeLessThan(0.02);
      expect(Math.abs(figures.billedMsPerPhoto / billedMs - 1)).toBeLessThan(0.05);
      expect(figures).toMatchObject({
        livePhotos: photos,
        calls: photos,
        refused: 0,
        peakRequestsPerSecond: 10,
        lost: 0,
      });
    },
  );

  it('costs the requests that the cost of a month counts for each photo', async () => {
    const { s3Dollars, sqsDollars } = await run(backlog, { photos: 2_000 });
    expect(s3Dollars).toBeCloseTo((2_000 * (3 * 0.005 + 2 * 0.0004)) / 1_000, 2);
    expect(sqsDollars).toBeLessThanOrEqual(0.01);
  });

  it('gives the same figures with the same seed, and others with another seed', async () => {
    const outage: Scenario = { ...backlog, outage: { fromHour: 0, hours: 1, status: 503 } };
    const figures = await run(outage);
    expect(await run(outage)).toEqual(figures);
    expect(await run(outage, { seed: 2 })).not.toEqual(figures);
  });

  it('restores the random numbers of the process', async () => {
    const { random } = Math;
    await run(backlog, { photos: 1 });
    expect(Math.random).toBe(random);
  });

  it('ends early when it is stopped', async () => {
    const figures = await simulate(backlog, settings, { onProgress: () => undefined, signal: AbortSignal.abort() });
    expect(figures.livePhotos).toBe(0);
  });
});

describe('a simulated outage', () => {
  it.each([
    ['of an hour', 'outage-1h', 1],
    ['of two days', 'outage-2d', 48],
    ['of a weekend, with payment due', 'payment-due-63h', 63],
  ])('%s loses nothing, and its photos are done soon after it', async (_, name, outageHours) => {
    const { photos } = settings;
    const figures = await run(scenarioNamed(name));
    expect(figures).toMatchObject({ livePhotos: photos, deadLettered: 0, lost: 0 });
    expect(figures.hoursAfterOutage).toBeLessThan(longestWaitHours);
    expect(figures.oldestEventHours).toBeGreaterThan(outageHours - longestWaitHours);
    expect(figures.mostReceives).toBeLessThan(maxReceiveCount);
  });

  it('takes as long as the outage and the drain together', async () => {
    const hours = 63;
    const figures = await run({ ...backlog, outage: { fromHour: 0, hours, status: 402 } });
    expect(figures).toMatchObject({ livePhotos: settings.photos, deadLettered: 0, lost: 0 });
    expect(figures.hours).toBeCloseTo(hours + (figures.hoursAfterOutage ?? NaN), 2);
    expect(figures.hoursAfterOutage).toBeGreaterThan(0);
    expect(figures.hoursAfterOutage).toBeLessThan(longestWaitHours);
  });

  it.each([
    ['looks for a photo before it uploads it again, after 503', 503, 1],
    ['only uploads a photo again, after 402', 402, 0],
  ] as const)('%s', async (_, status, searches) => {
    const outage = { fromHour: 0, hours: 1, status };
    const { calls, mostReceives } = await run({ ...backlog, outage }, { photos: 1 });
    expect(calls).toBe(mostReceives + searches);
  });

  it('that is longer than the promise of four days moves its photos to the dead-letter queue', async () => {
    const photos = 12;
    const figures = await run({ ...backlog, outage: { fromHour: 0, hours: 24 * 6.5, status: 503 } }, { photos });
    expect(figures).toMatchObject({ livePhotos: 0, deadLettered: photos, lost: 0, mostReceives: maxReceiveCount });
  });
});
