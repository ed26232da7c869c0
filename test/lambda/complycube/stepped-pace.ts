import { Pace, type Turn } from '../../../lambda/complycube/pace';

/** A clock that advances only by sleeping and by the test. */
export class SteppedClock {
  private ms = 0;
  private sleeps = 0;
  now = (): number => this.ms;
  sleep = (ms: number): Promise<void> => {
    this.ms += ms;
    if (++this.sleeps > 100_000) throw new Error('sleeps without end');
    return Promise.resolve();
  };
  advance(ms: number): void {
    this.ms += ms;
  }
}

/** Takes a turn for a call that is sent at once. */
export async function take(pace: Pace): Promise<Turn> {
  const turn = await pace.turn();
  turn.sent();
  return turn;
}

/** Makes a round of calls. @returns their turns. */
export async function takeRound(pace: Pace): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (let call = 0; call < pace.callsPerSecond; call++) turns.push(await take(pace));
  return turns;
}

/** Takes turns at the highest pace until it is reached. */
export async function warmUp(pace: Pace, clock: SteppedClock): Promise<void> {
  for (let call = 0; call < 20; call++) (await take(pace)).answered(false);
  clock.advance(1_025);
}

/** A pace that has reached its highest, without jitter. */
export async function start(highest: number, random = () => 0.5): Promise<{ clock: SteppedClock; pace: Pace }> {
  const clock = new SteppedClock();
  const pace = new Pace(highest, clock, random);
  await warmUp(pace, clock);
  return { clock, pace };
}
