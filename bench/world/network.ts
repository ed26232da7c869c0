import { setTimeout as sleep } from 'node:timers/promises';

/** How far away a service is and how fast; what is left out costs nothing. */
export interface Distance {
  /** Milliseconds that each request waits for its answer's first byte. */
  readonly roundTripMs?: number;
  /** Of bodies, in each direction. */
  readonly bytesPerSecond?: number;
  /** Milliseconds that the service works on a request. */
  readonly thinkMs?: number;
}

/** The services that the function calls, each at its distance. */
export type Distances = Readonly<Partial<Record<Service, Distance>>>;

/** The services that the function calls. */
export type Service = 's3' | 'secretsManager' | 'eventBridge' | 'sqs' | 'complyCube';

/** All of them. */
export const services: readonly Service[] = ['s3', 'secretsManager', 'eventBridge', 'sqs', 'complyCube'];

/** When a request was under way, in milliseconds of any one clock. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** How many of the requests had to follow one another: the most of them of which no two were under way at the same time. */
export function serialCalls(intervals: readonly Interval[]): number {
  let calls = 0;
  let busyUntil = -Infinity;
  for (const { from, to } of [...intervals].sort((a, b) => a.to - b.to)) {
    if (from < busyUntil) continue;
    calls++;
    busyUntil = to;
  }
  return calls;
}

/** Passes a body on at the pace of the network. */
export async function* paced(body: AsyncIterable<Buffer>, bytesPerSecond: number | undefined): AsyncGenerator<Buffer> {
  const startedAt = performance.now();
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytesPerSecond !== undefined) {
      const aheadMs = (bytes / bytesPerSecond) * 1000 - (performance.now() - startedAt);
      // Node's timers count whole milliseconds.
      if (aheadMs >= 1) await sleep(aheadMs);
    }
    yield chunk;
  }
}
