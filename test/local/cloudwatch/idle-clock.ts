import type { CloudWatchClock } from '../../../local/cloudwatch/collected-clock';

const tickMs = 20;

/**
 * CloudWatch's time, which passes only while the pipeline has nothing to do: however slow a machine is, work takes no time and
 * only waits do. It ticks, so a process that gets no CPU loses no time either.
 */
export class IdleClock implements CloudWatchClock {
  private ms = Date.now();
  private readonly timer: NodeJS.Timeout;

  constructor(
    readonly speed: number,
    isIdle: () => boolean,
  ) {
    this.timer = setInterval(() => {
      if (isIdle()) this.ms += tickMs * speed;
    }, tickMs);
  }

  /** Everything is told of while it happens, so it happened now. */
  at(): number {
    return this.ms;
  }

  now(): number {
    return this.ms;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
