import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Pace, type Turn } from '../../../lambda/complycube/pace';
import { simulate } from './simulated-account';
import { start, SteppedClock, take, takeRound, warmUp } from './stepped-pace';

describe('Pace', () => {
  it('never starts more calls than its highest rate in any second', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.tuple(fc.nat(600), fc.boolean()), { maxLength: 60 }),
        async (rate, calls) => {
          const clock = new SteppedClock();
          const pace = new Pace(rate, clock);
          const starts: number[] = [];
          for (const [gap, isRefused] of calls) {
            clock.advance(gap);
            const turn = await take(pace);
            starts.push(clock.now());
            turn.answered(isRefused);
          }
          starts.forEach((start, at) => {
            const later = starts[at + rate];
            if (later !== undefined) expect(later - start).toBeGreaterThan(1_000);
          });
        },
      ),
    );
  });

  it('lets the first call of a new environment start at once, and doubles the pace each second', async () => {
    const clock = new SteppedClock();
    const pace = new Pace(5, clock);
    const starts: number[] = [];
    for (let call = 0; call < 12; call++) {
      await take(pace);
      starts.push(clock.now());
    }
    expect(starts.map((start) => Math.floor(start / 1_025))).toEqual([0, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3]);
  });

  it('does not send the calls of a second all at once, because large photos delay each other', async () => {
    const clock = new SteppedClock();
    const pace = new Pace(5, clock);
    await take(pace);
    let before = clock.now();
    for (let call = 0; call < 20; call++) {
      await take(pace);
      expect(Math.ceil(clock.now() - before)).toBeGreaterThanOrEqual(1_025 / 15);
      before = clock.now();
    }
  });

  it('stays low while few calls are made, so that a burst after a trickle is careful too', async () => {
    const clock = new SteppedClock();
    const pace = new Pace(10, clock);
    for (let call = 0; call < 20; call++) {
      await take(pace);
      clock.advance(10_000);
    }
    expect(pace.callsPerSecond).toBe(2);
  });

  it('lets a call start at once after a pause', async () => {
    const clock = new SteppedClock();
    const pace = new Pace(2, clock);
    await warmUp(pace, clock);
    clock.advance(2_000);
    const before = clock.now();
    await take(pace);
    expect(clock.now()).toBe(before);
  });

  it('serves concurrent callers in order', async () => {
    const pace = new Pace(1, new SteppedClock());
    const order: number[] = [];
    await Promise.all([1, 2, 3].map((caller) => take(pace).then(() => order.push(caller))));
    expect(order).toEqual([1, 2, 3]);
  });

  it('counts the second from when a call was sent, not from its turn', async () => {
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

  it('does not wait for a clock that was set back to catch up', async () => {
    const clock = new SteppedClock();
    const pace = new Pace(1, clock);
    clock.advance(3_600_000);
    await take(pace);
    clock.advance(-3_600_000);
    await take(pace);
    expect(clock.now()).toBe(1_025);
  });

  it('rises after the clock was set back, as before', async () => {
    const clock = new SteppedClock();
    const pace = new Pace(5, clock);
    clock.advance(3_600_000);
    await take(pace);
    clock.advance(-3_600_000);
    for (let call = 0; call < 10; call++) await take(pace);
    expect(pace.callsPerSecond).toBe(5);
  });

  it('does not count an abandoned turn as a call: the next call does not wait for it, and the pace does not rise', async () => {
    const clock = new SteppedClock();
    const pace = new Pace(5, clock);
    await take(pace);
    for (let call = 0; call < 20; call++) (await pace.turn()).abandon();
    expect(clock.now()).toBe(1_025);
    await take(pace);
    expect(clock.now()).toBe(1_025);
    expect(pace.callsPerSecond).toBe(2);
  });

  it('keeps the distance to the last call when a turn is abandoned while the next one waits for it', async () => {
    const clock = new SteppedClock();
    const pace = new Pace(1, clock);
    await take(pace);
    const abandoned = await pace.turn();
    const next = take(pace);
    abandoned.abandon();
    await next;
    expect(clock.now()).toBe(1_025);
    await take(pace);
    expect(clock.now()).toBe(2_050);
  });
});

describe('Pace, when ComplyCube answers 429', () => {
  it('lowers the pace by one for each refused call of a round', async () => {
    const { pace } = await start(5);
    const [first, second] = await takeRound(pace);
    first?.answered(true);
    second?.answered(true);
    expect([pace.callsPerSecond, pace.percentAllowed]).toEqual([3, 60]);
  });

  it('does not add up the refusals of rounds that started at the same pace', async () => {
    const { pace } = await start(5);
    const rounds = [await takeRound(pace), await takeRound(pace)];
    for (const [first, second] of rounds) {
      first?.answered(true);
      second?.answered(true);
    }
    expect(pace.callsPerSecond).toBe(3);
  });

  it('tries one call a second, and fewer and fewer, while everything is refused, but never none', async () => {
    const { clock, pace } = await start(5);
    for (const turn of await takeRound(pace)) turn.answered(true);
    const tries: number[] = [];
    for (let call = 0; call < 8; call++) {
      const before = clock.now();
      (await take(pace)).answered(true);
      tries.push(Math.round((clock.now() - before) / 1_025));
    }
    expect(tries).toEqual([1, 2, 4, 8, 16, 16, 16, 16]);
  });

  it('does not rise until a call is accepted, even if the answers are slow', async () => {
    const { clock, pace } = await start(5);
    for (const turn of await takeRound(pace)) turn.answered(true);
    (await take(pace)).answered(true);
    for (let call = 0; call < 3; call++) await take(pace);
    expect(pace.callsPerSecond).toBe(0.5);
    clock.advance(-3_600_000);
    (await take(pace)).answered(false);
    await take(pace);
    expect(pace.callsPerSecond).toBe(4);
  });

  it('returns to nearly the former pace when calls are accepted again', async () => {
    const { pace } = await start(5);
    for (const turn of await takeRound(pace)) turn.answered(true);
    for (let call = 0; call < 3; call++) (await take(pace)).answered(true);
    for (let call = 0; call < 3; call++) (await take(pace)).answered(false);
    expect(pace.callsPerSecond).toBe(4);
  });

  it('rises by one after a while without refusals, and later each time the rise is refused', async () => {
    const { clock, pace } = await start(5);
    (await takeRound(pace))[0]?.answered(true);
    expect(pace.callsPerSecond).toBe(4);
    const waits: number[] = [];
    for (let rise = 0; rise < 6; rise++) {
      const before = clock.now();
      let turns: Turn[] = [];
      while (pace.callsPerSecond < 5) turns = await takeRound(pace);
      waits.push(Math.floor((clock.now() - before) / 1_000));
      turns[0]?.answered(false);
      (await takeRound(pace))[0]?.answered(true);
    }
    const expected = [5, 10, 20, 40, 80, 160];
    waits.forEach((wait, at) => {
      expect(Math.abs(wait - (expected[at] ?? 0))).toBeLessThanOrEqual(2);
    });
  });

  it('comes back to the whole pace when the account is free again', async () => {
    const { pace } = await start(5);
    for (const turn of (await takeRound(pace)).slice(0, 3)) turn.answered(true);
    for (let round = 0; round < 60; round++) for (const turn of await takeRound(pace)) turn.answered(false);
    expect([pace.callsPerSecond, pace.percentAllowed]).toEqual([5, 100]);
  });

  it('needs only a fifth of the setting in the second in which a hundred environments start at once', async () => {
    const { accepted, refused } = await simulate({ limit: 100, environments: 100, highest: 5, seconds: 1 });
    expect([accepted, refused]).toEqual([100, 0]);
  });

  it.each([
    ['half of the setting', { limit: 5, environments: 2, highest: 5 }, 0.95, 0.02],
    ['half of a large setting', { limit: 25, environments: 5, highest: 10 }, 0.95, 0.02],
    ['four fifths of the setting', { limit: 8, environments: 2, highest: 5 }, 0.95, 0.02],
    ['the sandbox, with the setting 6', { limit: 5, environments: 2, highest: 3 }, 0.97, 0.01],
    ['less than a call a second for each environment', { limit: 1, environments: 2, highest: 5 }, 0.4, 0.15],
  ])('uses what the account allows: %s', async (_, account, leastShare, mostRefused) => {
    const { share, accepted, refused } = await simulate({ ...account, seconds: 300 });
    expect(share).toBeGreaterThan(leastShare);
    expect(refused / (accepted + refused)).toBeLessThan(mostRefused);
  });

  it('needs few tries while the account blocks everything for five seconds after each excess', async () => {
    const { share, accepted, refused } = await simulate({
      ...{ limit: 5, blockMs: 5_000, environments: 2, highest: 5, seconds: 600 },
    });
    expect(share).toBeGreaterThan(0.55);
    expect(refused / (accepted + refused)).toBeLessThan(0.05);
  });
});
