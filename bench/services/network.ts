import { setTimeout as sleep } from 'node:timers/promises';

/** Latency and bandwidth of a service; default: no latency, unlimited bandwidth. */
export interface Distance {
  /** Wait of each request for the first byte of its answer. */
  readonly roundTripMs?: number;
  /** Bandwidth for bodies, in each direction. */
  readonly bytesPerSecond?: number;
  /** Time that the service needs for a request. */
  readonly thinkMs?: number;
}

/** Latency and bandwidth by service. */
export type Distances = Readonly<Partial<Record<Service, Distance>>>;

/** The services that the function calls. */
export type Service = 's3' | 'secretsManager' | 'eventBridge' | 'sqs' | 'complyCube';

/** All services that the function calls. */
export const services: readonly Service[] = ['s3', 'secretsManager', 'eventBridge', 'sqs', 'complyCube'];

/** When a request was in flight, in milliseconds of one clock. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Counts the requests that followed one another: the largest number of them without overlap. */
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

/** Passes a body on with a limited bandwidth. */
export async function* paced(body: AsyncIterable<Buffer>, bytesPerSecond: number | undefined): AsyncGenerator<Buffer> {
  const startedAt = performance.now();
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytesPerSecond !== undefined) {
      const aheadMs = (bytes / bytesPerSecond) * 1000 - (performance.now() - startedAt);
      // Node's timers have a resolution of one millisecond.
      if (aheadMs >= 1) await sleep(aheadMs);
    }
    yield chunk;
  }
}
