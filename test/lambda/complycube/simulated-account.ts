import { RateLimit } from 'complycube-stand-in/rate-limit';
import { Pace } from '../../../lambda/complycube/pace';

/** A ComplyCube account, and environments that call it as fast as their pace allows. */
export interface SimulatedAccount {
  /** What the account allows in a second. */
  readonly limit: number;
  /** For how long it refuses everything after an excess. */
  readonly blockMs?: number;
  readonly environments: number;
  /** The highest pace of each environment. */
  readonly highest: number;
  readonly seconds: number;
}

/** What happened in a simulation. */
export interface SimulatedCalls {
  readonly accepted: number;
  readonly refused: number;
  /** Accepted calls, divided by the calls that the account or the environments allow, without the first ten seconds. */
  readonly share: number;
  readonly paces: readonly Pace[];
}

const acceptedAfterMs = 2_500;
const refusedAfterMs = 30;
const startMs = 10_000;

/** Runs in virtual time. Requests take up to 20 ms to arrive, chosen by a fixed sequence. */
export async function simulate(account: SimulatedAccount): Promise<SimulatedCalls> {
  const { limit, blockMs = 0, environments, highest, seconds } = account;
  let nowMs = 0;
  const timers: { readonly atMs: number; readonly fire: () => void }[] = [];
  const after = (ms: number, fire: () => void): void => {
    timers.push({ atMs: nowMs + ms, fire });
  };
  const clock = { now: () => nowMs, sleep: (ms: number) => new Promise<void>((resolve) => after(ms, resolve)) };
  const random = pseudoRandom();
  const rate = new RateLimit({ requestsPerSecond: limit, blockMs, nowMs: () => nowMs });
  const calls = { accepted: 0, refused: 0, counted: 0 };

  const run = async (pace: Pace): Promise<void> => {
    for (;;) {
      const turn = await pace.turn();
      turn.sent();
      after(20 * random(), () => {
        const isAccepted = rate.accept();
        calls[isAccepted ? 'accepted' : 'refused']++;
        if (isAccepted && nowMs >= startMs) calls.counted++;
        after(isAccepted ? acceptedAfterMs : refusedAfterMs, () => {
          turn.answered(!isAccepted);
        });
      });
    }
  };
  const paces = Array.from({ length: environments }, () => new Pace(highest, clock, random));
  for (const pace of paces) void run(pace);
  while (nowMs < seconds * 1000) {
    await new Promise(setImmediate);
    timers.sort((one, other) => one.atMs - other.atMs);
    const next = timers.shift();
    if (next === undefined) break;
    nowMs = next.atMs;
    next.fire();
  }
  const allowed = Math.min(limit, environments * highest) * (seconds - startMs / 1000);
  return { ...calls, share: calls.counted / allowed, paces };
}

/** Numbers from 0 to 1, always the same ones (a linear congruential generator). */
function pseudoRandom(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
