/** CloudWatch's time. */
export interface CloudWatchClock {
  /** How many times faster than real time it passes, at most. */
  readonly speed: number;
  /** The time of something that happened at a moment of real time. */
  at(realMs: number): number;
  now(): number;
}

/** Tells CloudWatch's time, which passes faster than real time, as the waits in the queue do. */
export class CollectedClock implements CloudWatchClock {
  private readonly startMs: number;

  /** @param speed how many times faster than real time. */
  constructor(
    readonly speed: number,
    private readonly realStartMs = Date.now(),
  ) {
    // Times of the day that read well.
    const hourMs = 3_600_000;
    this.startMs = Math.floor(realStartMs / hourMs) * hourMs;
  }

  /** When CloudWatch's time began. */
  get beganAtMs(): number {
    return this.startMs;
  }

  /** Turns a moment of real time into CloudWatch's. */
  at(realMs: number): number {
    return this.startMs + (realMs - this.realStartMs) * this.speed;
  }

  /** Now, in CloudWatch's time. */
  now(): number {
    return this.at(Date.now());
  }
}
