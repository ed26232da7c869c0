import { describe, expect, it, jest } from '@jest/globals';
import { type Clock, systemClock } from '../../lambda/clock';
import { withDeadline } from '../../lambda/with-deadline';

/** A clock whose timers the test fires. */
function manualClock() {
  const timers = new Map<number, { ms: number; fire: () => void }>();
  let ids = 0;
  const after: Clock['after'] = (ms, fire) => {
    const id = ++ids;
    timers.set(id, { ms, fire });
    return () => timers.delete(id);
  };
  const fire = (ms: number) => {
    for (const timer of [...timers.values()]) if (timer.ms === ms) timer.fire();
  };
  return { clock: { after }, pending: () => [...timers.values()].map(({ ms }) => ms), fire };
}

const error = new Error('too late');

describe('withDeadline', () => {
  it('returns the result of the work, and cancels its timers', async () => {
    const { clock, pending } = manualClock();
    await expect(withDeadline({ ms: 10, error }, clock, () => Promise.resolve('done'))).resolves.toBe('done');
    expect(pending()).toEqual([]);
  });

  it.each<[string, () => Promise<never>]>([
    ['rejects', () => Promise.reject(new Error('of the work'))],
    [
      'throws',
      () => {
        throw new Error('of the work');
      },
    ],
  ])('throws what the work %s with, and cancels its timers', async (_, work) => {
    const { clock, pending } = manualClock();
    await expect(withDeadline({ ms: 10, error }, clock, work)).rejects.toThrow('of the work');
    expect(pending()).toEqual([]);
  });

  it('aborts the work before the deadline, so that it can end in time', async () => {
    const { clock, pending, fire } = manualClock();
    const work = (signal: AbortSignal) =>
      new Promise<string>((resolve) => {
        signal.addEventListener('abort', () => resolve(`aborted: ${(signal.reason as Error).message}`));
      });
    const working = withDeadline({ ms: 100, reserveMs: 30, error }, clock, work);
    expect(pending()).toEqual([70, 100]);
    fire(70);
    await expect(working).resolves.toBe('aborted: too late');
    expect(pending()).toEqual([]);
  });

  it('throws at the deadline if the work ignores its signal, and ignores a later failure', async () => {
    const { clock, fire } = manualClock();
    let failLater: (error: Error) => void = () => undefined;
    const working = withDeadline(
      { ms: 100, reserveMs: 30, error },
      clock,
      () => new Promise((_, reject) => (failLater = reject)),
    );
    fire(70);
    fire(100);
    await expect(working).rejects.toBe(error);
    failLater(new Error('later'));
    await new Promise(setImmediate);
  });

  it('aborts at the deadline by default', () => {
    const { clock, pending, fire } = manualClock();
    let signal: AbortSignal | undefined;
    void withDeadline({ ms: 100, error }, clock, (given) => {
      signal = given;
      return new Promise(() => undefined);
    }).catch(() => undefined);
    expect(pending()).toEqual([100, 100]);
    fire(100);
    expect(signal?.reason).toBe(error);
  });

  it.each([
    ['less time than the reserve', 10],
    ['no time', 0],
    ['a negative time', -5],
  ])('never sets a timer in the past: %s', (_, ms) => {
    const { clock, pending } = manualClock();
    void withDeadline({ ms, reserveMs: 30, error }, clock, () => new Promise(() => undefined));
    expect(pending()).toEqual([0, Math.max(0, ms)]);
  });

  it('keeps the process alive until the deadline, even if nothing else is pending', () => {
    const setTimer = jest.spyOn(globalThis, 'setTimeout');
    const cancel = systemClock.after(60_000, () => undefined);
    const timer = setTimer.mock.results[0]?.value as NodeJS.Timeout;
    expect(timer.hasRef()).toBe(true);
    cancel();
    setTimer.mockRestore();
  });
});
