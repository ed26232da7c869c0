import { describe, expect, it } from '@jest/globals';
import { Pace, type Turn } from '../../../lambda/complycube/pace';
import { start, SteppedClock, take, takeRound } from './stepped-pace';

/** Answers turns: the first ones are refused. */
const answer = (turns: readonly Turn[], refused: number) => {
  turns.forEach((turn, at) => turn.answered(at < refused));
};
/** Makes accepted calls until the pace is this high. @returns the milliseconds. */
const waitFor = async (pace: Pace, clock: SteppedClock, callsPerSecond: number): Promise<number> => {
  const before = clock.now();
  while (pace.callsPerSecond < callsPerSecond) answer(await takeRound(pace), 0);
  return clock.now() - before;
};
/** Rounds that are not complete may add up to two seconds. */
const expectSeconds = (ms: number, expected: number) => {
  expect(ms).toBeGreaterThanOrEqual(expected * 1_000);
  expect(ms).toBeLessThan((expected + 2) * 1_000);
};

describe('the limit that ComplyCube is believed to have', () => {
  it('is what ComplyCube accepts of a round, even if that is a single call', async () => {
    const { pace } = await start(5);
    answer(await takeRound(pace), 4);
    expect([pace.callsPerSecond, pace.percentAllowed]).toEqual([1, 20]);
  });

  it('is one less than before the refusals when ComplyCube blocks everything, even if they began a round earlier', async () => {
    const { clock, pace } = await start(10);
    answer(await takeRound(pace), 4);
    answer(await takeRound(pace), 6);
    await waitFor(pace, clock, 9);
    expect([pace.callsPerSecond, pace.percentAllowed]).toEqual([9, 90]);
  });

  it('is one less than the last rounds that were not refused when ComplyCube blocks everything', async () => {
    const { clock, pace } = await start(10);
    answer(await takeRound(pace), 4);
    answer(await takeRound(pace), 0);
    answer(await takeRound(pace), 6);
    await waitFor(pace, clock, 5);
    expect(pace.percentAllowed).toBe(50);
  });

  it('does not fall further while ComplyCube blocks everything, even if its answers are slow', async () => {
    const { clock, pace } = await start(10);
    answer(await takeRound(pace), 10);
    const slow = [await take(pace), await take(pace), await take(pace)];
    answer(slow, 3);
    await waitFor(pace, clock, 9);
    expect(pace.percentAllowed).toBe(90);
  });

  it('does not rise while ComplyCube accepts only calls from before it blocked everything', async () => {
    const { pace } = await start(5);
    const earlier = await takeRound(pace);
    answer(await takeRound(pace), 5);
    answer(earlier, 0);
    for (let call = 0; call < 3; call++) await take(pace);
    expect(pace.callsPerSecond).toBe(1);
  });

  it('rises by a tenth of the highest pace, five seconds after a refusal and after each rise', async () => {
    const { clock, pace } = await start(20);
    await waitFor(pace, clock, 20);
    answer(await takeRound(pace), 5);
    expectSeconds(await waitFor(pace, clock, 17), 5);
    expect(pace.callsPerSecond).toBe(17);
    expectSeconds(await waitFor(pace, clock, 19), 5);
    expect(pace.callsPerSecond).toBe(19);
    expectSeconds(await waitFor(pace, clock, 20), 5);
  });

  it('rises after five seconds again once a rise was not refused', async () => {
    const { clock, pace } = await start(10);
    answer(await takeRound(pace), 3);
    await waitFor(pace, clock, 8);
    answer(await takeRound(pace), 1);
    expectSeconds(await waitFor(pace, clock, 8), 10);
    expectSeconds(await waitFor(pace, clock, 9), 10);
    expectSeconds(await waitFor(pace, clock, 10), 5);
  });

  it('rises after five seconds again once the highest pace was not refused for as long as it waited', async () => {
    const { clock, pace } = await start(5);
    answer(await takeRound(pace), 1);
    for (const waitSeconds of [5, 10, 20]) {
      expectSeconds(await waitFor(pace, clock, 5), waitSeconds);
      answer(await takeRound(pace), 1);
    }
    expectSeconds(await waitFor(pace, clock, 5), 40);
    for (let round = 0; round < 42; round++) answer(await takeRound(pace), 0);
    answer(await takeRound(pace), 1);
    expectSeconds(await waitFor(pace, clock, 5), 5);
  });

  it('rises after five seconds if a refusal comes long after the last rise, or without any', async () => {
    const { clock, pace } = await start(5);
    for (let refusal = 0; refusal < 2; refusal++) {
      for (let round = 0; round < 30; round++) answer(await takeRound(pace), 0);
      answer(await takeRound(pace), 1);
      expectSeconds(await waitFor(pace, clock, 5), 5);
    }
  });

  it('does not rise because of a pause after a refusal, which proves nothing', async () => {
    const { clock, pace } = await start(5);
    answer(await takeRound(pace), 1);
    clock.advance(60_000);
    await take(pace);
    expect(pace.callsPerSecond).toBe(4);
  });

  it('rises half a minute after ComplyCube blocked everything', async () => {
    const { clock, pace } = await start(5);
    answer(await takeRound(pace), 5);
    expect(await waitFor(pace, clock, 4)).toBeLessThan(5_000);
    const moreMs = await waitFor(pace, clock, 5);
    expect(moreMs).toBeGreaterThan(25_000);
    expect(moreMs).toBeLessThan(32_000);
  });

  it('is tried again every four minutes, however often that was refused', async () => {
    const { clock, pace } = await start(5);
    answer(await takeRound(pace), 1);
    let waitedMs = 0;
    for (let rise = 0; rise < 8; rise++) {
      waitedMs = await waitFor(pace, clock, 5);
      answer(await takeRound(pace), 1);
    }
    expectSeconds(waitedMs, 240);
  });

  it('does not wait longer because of a refusal that it knows already', async () => {
    const { clock, pace } = await start(5);
    const rounds = [await takeRound(pace), await takeRound(pace)];
    const before = clock.now();
    rounds[0]?.[0]?.answered(true);
    while (clock.now() < before + 4_000) answer(await takeRound(pace), 0);
    rounds[1]?.[0]?.answered(true);
    await waitFor(pace, clock, 5);
    expectSeconds(clock.now() - before, 5);
  });

  it('rises from half a call a second to a whole one, and from there by a tenth', async () => {
    const { clock, pace } = await start(20);
    await waitFor(pace, clock, 20);
    answer(await takeRound(pace), 19);
    answer(await takeRound(pace), 0);
    answer(await takeRound(pace), 1);
    expect(pace.percentAllowed).toBe(2.5);
    await waitFor(pace, clock, 1);
    expect(pace.percentAllowed).toBe(5);
    await waitFor(pace, clock, 2);
    expect(pace.callsPerSecond).toBe(3);
  });

  it('doubles while it is below a call a second', async () => {
    const clock = new SteppedClock();
    const pace = new Pace(1, clock, () => 0.5);
    (await take(pace)).answered(true);
    for (let call = 0; call < 3; call++) (await take(pace)).answered(true);
    (await take(pace)).answered(false);
    expect(pace.percentAllowed).toBe(50);
    await waitFor(pace, clock, 1);
    expect(pace.percentAllowed).toBe(100);
  });
});

describe('the pace that the metric shows', () => {
  it('is the whole pace in a new environment, which starts slowly', async () => {
    const pace = new Pace(5, new SteppedClock());
    await take(pace);
    expect([pace.callsPerSecond, pace.percentAllowed]).toEqual([1, 100]);
  });

  it('is that of the tries while ComplyCube blocks everything', async () => {
    const { pace } = await start(5);
    answer(await takeRound(pace), 5);
    const shown = [pace.percentAllowed];
    for (let call = 0; call < 5; call++) {
      (await take(pace)).answered(true);
      shown.push(pace.percentAllowed);
    }
    expect(shown).toEqual([20, 10, 5, 2.5, 1.25, 1.25]);
  });

  it('is the limit again as soon as a call is accepted after a block', async () => {
    const { pace } = await start(5);
    answer(await takeRound(pace), 5);
    (await take(pace)).answered(true);
    (await take(pace)).answered(false);
    expect(pace.percentAllowed).toBe(80);
  });
});

describe('a turn', () => {
  it.each([
    [0, 0.75],
    [1, 1.25],
  ])(
    'waits at random below a call a second, so that environments do not try again together: %d',
    async (drawn, part) => {
      const { clock, pace } = await start(1, () => drawn);
      (await take(pace)).answered(true);
      const before = clock.now();
      await take(pace);
      expect(clock.now() - before).toBe(part * 2_050);
    },
  );

  it('of a new environment waits for the one before it, like later ones', async () => {
    const clock = new SteppedClock();
    const pace = new Pace(10, clock);
    await take(pace);
    await take(pace);
    expect(Math.ceil(clock.now())).toBe(Math.ceil(1_025 / 6));
  });

  it('that is abandoned is no call, so that the pace does not rise because of it', async () => {
    const clock = new SteppedClock();
    const pace = new Pace(10, clock);
    await take(pace);
    (await pace.turn()).abandon();
    clock.advance(1_025);
    await take(pace);
    expect(pace.callsPerSecond).toBe(2);
  });

  it('keeps the distance to the last call if the turn before it is abandoned after the pace fell', async () => {
    const { clock, pace } = await start(5);
    const turns = await takeRound(pace);
    const sentAtMs = clock.now();
    const held = await pace.turn();
    answer(turns, 4);
    const next = take(pace);
    await new Promise(setImmediate);
    held.abandon();
    await next;
    expect(clock.now() - sentAtMs).toBe(1_025);
  });

  it('does not wait at random at a call a second', async () => {
    const { clock, pace } = await start(1, () => 0);
    await take(pace);
    const before = clock.now();
    await take(pace);
    expect(clock.now() - before).toBe(1_025);
  });

  it('waits longer if a call is refused meanwhile', async () => {
    class RefusingClock extends SteppedClock {
      refuse: () => void = () => undefined;
      override sleep = (ms: number): Promise<void> => {
        this.advance(ms);
        this.refuse();
        this.refuse = () => undefined;
        return Promise.resolve();
      };
    }
    const clock = new RefusingClock();
    const pace = new Pace(1, clock, () => 0.5);
    const first = await take(pace);
    clock.refuse = () => first.answered(true);
    await take(pace);
    expect(clock.now()).toBe(2_050);
  });
});
