import { IndexedHeap } from 'local-aws/sqs/indexed-heap';
import type { Clock } from '../../../lambda/clock';

/** A clock whose time jumps to the next timer as soon as every promise waits for one. */
export class VirtualClock implements Clock {
  private readonly timers = new IndexedHeap<{ readonly fire: () => void }>();

  constructor(private nowMs: number) {}

  now(): number {
    return this.nowMs;
  }

  after(ms: number, fire: () => void): () => void {
    const timer = { fire };
    this.timers.add(timer, this.nowMs + Math.max(0, ms));
    return () => {
      this.timers.remove(timer);
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** Lets time pass until the work settles. @throws the error of the work, or an Error if no timer is left to wait for. */
  async run<T>(work: Promise<T>): Promise<T> {
    const state = { isSettled: false };
    const settle = (): void => {
      state.isSettled = true;
    };
    work.then(settle, settle);
    for (;;) {
      await new Promise(setImmediate); // until then, all other promises have reached their next wait
      if (state.isSettled) return work;
      const next = this.timers.peek();
      if (next === undefined) throw new Error('The simulation waits for something that never happens');
      this.timers.remove(next.item);
      this.nowMs = next.key;
      next.item.fire();
    }
  }
}
