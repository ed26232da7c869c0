/** A time in which ComplyCube answers every call with an error. */
export interface Outage {
  /** From the first photo, in hours. */
  readonly fromHour: number;
  readonly hours: number;
  /** 503: ComplyCube is down. 402: payment is due. */
  readonly status: 402 | 503;
}

/** What happens in a simulation. */
export interface Scenario {
  readonly name: string;
  /** ComplyCube's minimum latency. The maximum is 1.5 times as long. */
  readonly latencyMs: number;
  /** The app uploads the photos evenly within this time. 0: all are in the queue at the start. */
  readonly uploadHours: number;
  readonly outage: Outage | undefined;
}

const latenciesMs = [200, 500, 1_000, 2_000, 3_000, 5_000, 7_500, 10_000] as const;

/** The outages begin two hours after the first photo. The app continues to upload while they last. */
const outageOf = (name: string, hours: number, status: Outage['status']): Scenario => ({
  ...{ name, latencyMs: 1_000, uploadHours: 70 },
  outage: { fromHour: 2, hours, status },
});

/** All scenarios: a backlog at each latency, and outages. */
export const scenarios: readonly Scenario[] = [
  ...latenciesMs.map((latencyMs) => ({
    ...{ name: `latency-${latencyMs / 1000}s`, latencyMs, uploadHours: 0 },
    outage: undefined,
  })),
  outageOf('outage-1h', 1, 503),
  outageOf('outage-2d', 48, 503),
  outageOf('payment-due-63h', 63, 402), // from Friday evening until Monday morning
];
