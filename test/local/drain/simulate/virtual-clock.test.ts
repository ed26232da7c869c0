import { expect, it } from '@jest/globals';
import { VirtualClock } from '../../../../local/drain/simulate/virtual-clock';

it('lets a week pass at once', async () => {
  const clock = new VirtualClock(0);
  await clock.run(clock.sleep(7 * 86_400_000));
  expect(clock.now()).toBe(7 * 86_400_000);
});

it('fires timers in the order of their times, and those of the same time in the order in which they were set', async () => {
  const clock = new VirtualClock(0);
  const fired: string[] = [];
  for (const [name, ms] of [
    ['third', 20],
    ['first', 10],
    ['second', 10],
  ] as const) {
    clock.after(ms, () => fired.push(`${name} at ${clock.now()}`));
  }
  await clock.run(clock.sleep(30));
  expect(fired).toEqual(['first at 10', 'second at 10', 'third at 20']);
});

it('lets every promise reach its next wait before time passes', async () => {
  const clock = new VirtualClock(0);
  const seen: number[] = [];
  const work = async (): Promise<void> => {
    await clock.sleep(10);
    for (let turn = 0; turn < 100; turn++) await Promise.resolve();
    seen.push(clock.now());
  };
  clock.after(11, () => undefined);
  await clock.run(Promise.all([work(), clock.sleep(12)]));
  expect(seen).toEqual([10]);
});

it('does not fire a timer that was stopped', async () => {
  const clock = new VirtualClock(0);
  const fired: string[] = [];
  const stop = clock.after(10, () => fired.push('stopped'));
  stop();
  await clock.run(clock.sleep(20));
  expect(fired).toEqual([]);
});

it('fails if the work waits for something that never happens', async () => {
  const clock = new VirtualClock(0);
  await expect(clock.run(new Promise(() => undefined))).rejects.toThrow('waits for something that never happens');
});
