import type { CloudWatchClock } from '../../../local/cloudwatch/watched-pipeline';

const tickMs = 20;

/**
 * A clock that runs only while the pipeline is idle, so that results do not depend on the machine's speed. It counts ticks,
 * so the clock also stops while this process gets no CPU.
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

  /** Events are reported immediately, so they happen now. */
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
