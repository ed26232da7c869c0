import { describe, it, expect } from '@jest/globals';
import { waitLatency } from '../src/latency';
import { seededRandom } from '../src/seeded-random';
import { until } from '../../local-aws/test/until';
import { startUnlimited, upload } from './call';

describe('seededRandom', () => {
  it('draws the same numbers for the same seed, spread over 0 to 1', () => {
    const draw = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 1000 }, () => random());
    };
    const numbers = draw(3);
    expect(draw(3)).toEqual(numbers);
    expect(draw(4)).not.toEqual(numbers);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    for (const decile of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      expect(numbers.filter((number) => Math.floor(number * 10) === decile).length).toBeGreaterThan(60);
    }
  });
});

describe('waitLatency', () => {
  it('waits nothing when there is no latency', async () => {
    const winner = await Promise.race([
      waitLatency(0, () => 0.5).then(() => 'no latency'),
      new Promise((resolve) => setTimeout(resolve, 1000, 'a second')),
    ]);
    expect(winner).toBe('no latency');
  });

  it.each([
    [1000, 0.5],
    [[0, 2000] as const, 0.5],
  ])('waits %j', async (latencyMs, drawn) => {
    let hasEnded = false;
    void waitLatency(latencyMs, () => drawn).then(() => (hasEnded = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(hasEnded).toBe(false);
  });
});

describe('the latency of an answer', () => {
  it('begins after the photo is stored, so that a caller that gives up has stored it', async () => {
    const complyCube = await startUnlimited({ latencyMs: 3_600_000 });
    const answered = upload(complyCube).catch(() => 'given up');
    await until(() => complyCube.livePhotos.length > 0);
    await complyCube.close();
    expect(await answered).toBe('given up');
  });
});
