import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Pace } from '../../../lambda/complycube/pace';

/** A clock that advances only by sleeping and by the test. */
class SteppedClock {
  private ms = 0;
  now = (): number => this.ms;
  sleep = (ms: number): Promise<void> => {
    this.ms += ms;
    return Promise.resolve();
  };
  advance(ms: number): void {
    this.ms += ms;
  }
}

/** Takes a turn for a call that is sent immediately. */
async function take(pace: Pace): Promise<void> {
  (await pace.turn()).sent();
}

describe('Pace', () => {
  it('never starts more calls than its rate in any second', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.nat(600), { maxLength: 60 }),
        async (rate, gaps) => {
          const clock = new SteppedClock();
          const pace = new Pace(rate, clock);
          const starts: number[] = [];
          for (const gap of gaps) {
            clock.advance(gap);
            await take(pace);
            starts.push(clock.now());
          }
          starts.forEach((start, at) => {
            const later = starts[at + rate];
            if (later !== undefined) expect(later - start).toBeGreaterThan(1_000);
          });
        },
      ),
    );
  });

  it('starts a call immediately after a pause', async () => {
    const clock = new SteppedClock();
    const pace = new Pace(2, clock);
    await take(pace);
    await take(pace);
    clock.advance(2_000);
    await take(pace);
    expect(clock.now()).toBe(2_000);
  });

  it('serves concurrent callers in order', async () => {
    const pace = new Pace(1, new SteppedClock());
    const order: number[] = [];
    await Promise.all([1, 2, 3].map((caller) => take(pace).then(() => order.push(caller))));
    expect(order).toEqual([1, 2, 3]);
  });

  it('counts the second from the time when a call was sent, not from its turn', async () => {
    const clock = new SteppedClock();
    const pace = new Pace(1, clock);
    const held = await pace.turn();
    const next = take(pace);
    clock.advance(400);
    held.sent();
    clock.advance(100);
    held.sent();
    await next;
    expect(clock.now()).toBe(1_425);
  });

  it('does not wait an hour after the clock was set back by an hour', async () => {
    const clock = new SteppedClock();
    const pace = new Pace(1, clock);
    clock.advance(3_600_000);
    await take(pace);
    clock.advance(-3_600_000);
    await take(pace);
    expect(clock.now()).toBe(1_025);
  });
});
