import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from './seeded-random';

/** A fixed time in milliseconds, or a least and a most between which each is as likely as the other. */
export type LatencyMs = number | readonly [least: number, most: number];

/** Waits as long as an answer takes; a server that is closed meanwhile does not wait for it. */
export async function waitLatency(latencyMs: LatencyMs, random: Random): Promise<void> {
  const [least, most] = typeof latencyMs === 'number' ? [latencyMs, latencyMs] : latencyMs;
  const drawnMs = least + random() * (most - least);
  if (drawnMs > 0) await wait(drawnMs, undefined, { ref: false });
}
