/** The time of a world. Only advanceTo() advances it. */
export class WorldTime {
  nowMs = Date.UTC(2026, 10, 23);
  private timers: Timer[] = [];
  /** How many calls of {@link advanceTo} are running. */
  private advances = 0;
  /** The latest arrival times of requests that are in flight to ComplyCube. */
  private readonly inFlightUntil = new Set<{ readonly atMs: number }>();

  get isAdvancing(): boolean {
    return this.advances > 0;
  }

  /** Resolves when the clock reaches a time. */
  at(atMs: number): Promise<void> {
    if (atMs <= this.nowMs) return Promise.resolve();
    return new Promise((fire) => this.after(atMs - this.nowMs, fire));
  }

  /** @returns cancels the timer. */
  after(ms: number, fire: () => void): () => void {
    const timer = { atMs: this.nowMs + ms, fire };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Waits for a request in flight. Time stops after `ms` until it has arrived. */
  async until(arrival: Promise<unknown>, ms: number): Promise<void> {
    const latest = { atMs: this.nowMs + ms };
    this.inFlightUntil.add(latest);
    await arrival;
    this.inFlightUntil.delete(latest);
  }

  /** Advances to the next timer. */
  advance(): Promise<void> {
    return this.advanceTo(Math.min(...this.timers.map(({ atMs }) => atMs)));
  }

  /** Fires the timers in their order. */
  async advanceTo(targetMs: number): Promise<void> {
    this.advances++;
    await this.fireTimers(targetMs);
    this.advances--;
  }

  private async fireTimers(targetMs: number): Promise<void> {
    if (!Number.isFinite(targetMs)) throw new Error('No timer is left, but messages are');
    const untilMs = Math.min(targetMs, ...[...this.inFlightUntil].map(({ atMs }) => atMs));
    for (;;) {
      const [next] = this.timers.filter(({ atMs }) => atMs <= untilMs).sort((one, other) => one.atMs - other.atMs);
      this.nowMs = Math.max(this.nowMs, next?.atMs ?? untilMs);
      if (next === undefined) return;
      this.timers = this.timers.filter((timer) => timer !== next);
      next.fire();
      await settled();
    }
  }
}

interface Timer {
  readonly atMs: number;
  readonly fire: () => void;
}

/** Resolves when all pending promises have reached their next step. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
