import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from './seeded-random';

/** A fixed time in milliseconds, or a range from which each time is drawn. */
export type LatencyMs = number | readonly [least: number, most: number];

/** Draws a time from a range, uniformly. */
export function drawLatency(latencyMs: LatencyMs, random: Random): number {
  if (typeof latencyMs === 'number') return latencyMs;
  const [least, most] = latencyMs;
  return least + random() * (most - least);
}

/** Waits for the latency of a response. The wait does not keep the process alive. */
export async function waitLatency(latencyMs: LatencyMs, random: Random): Promise<void> {
  const drawnMs = drawLatency(latencyMs, random);
  if (drawnMs > 0) await wait(drawnMs, undefined, { ref: false });
}
