import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from './seeded-random';

/** A fixed time in milliseconds, or a range whose times are equally likely. */
export type LatencyMs = number | readonly [least: number, most: number];

/** Draws a time of a range. */
export function drawLatency(latencyMs: LatencyMs, random: Random): number {
  if (typeof latencyMs === 'number') return latencyMs;
  const [least, most] = latencyMs;
  return least + random() * (most - least);
}

/** Waits as long as an answer takes. A server that is closed meanwhile does not wait for it. */
export async function waitLatency(latencyMs: LatencyMs, random: Random): Promise<void> {
  const drawnMs = drawLatency(latencyMs, random);
  if (drawnMs > 0) await wait(drawnMs, undefined, { ref: false });
}
