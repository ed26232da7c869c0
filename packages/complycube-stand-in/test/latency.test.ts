import { it, expect } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { drawLatency } from '../src/latency';
import { seededRandom } from '../src/seeded-random';
import { startUnlimited, upload } from './call';

it('draws the same numbers for the same seed, uniformly from 0 to 1', () => {
  const draw = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 1000 }, () => random());
  };
  const numbers = draw(3);
  expect(draw(3)).toEqual(numbers);
  expect(draw(4)).not.toEqual(numbers);
  for (const decile of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    expect(numbers.filter((number) => Math.floor(number * 10) === decile).length).toBeGreaterThan(60);
  }
});

it.each([[1000] as const, [[500, 1500]] as const])('draws 1,000 ms from the middle of %j', (latencyMs) => {
  expect(drawLatency(latencyMs, () => 0.5)).toBe(1000);
});

it('stores the photo before the latency: a caller that disconnects has stored it', async () => {
  const events = new EventEmitter();
  const onLivePhoto = (): void => void events.emit('stored');
  const complyCube = await startUnlimited({ latencyMs: 3_600_000, onLivePhoto });
  const uploading = upload(complyCube).catch(() => 'disconnected');
  await once(events, 'stored');
  await complyCube.close();
  expect(await uploading).toBe('disconnected');
  expect(complyCube.livePhotos).toHaveLength(1);
});
