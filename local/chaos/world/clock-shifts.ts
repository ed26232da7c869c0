import { Draws } from '../plan/draws';

/** The clocks of execution environments: any two differ by no more than the clock skew. */
export class ClockShifts {
  private readonly shifts: number[] = [];
  private readonly draws: Draws;

  constructor(
    seed: number,
    private readonly skewMs: number,
  ) {
    this.draws = new Draws(seed, 'clocks');
  }

  /** How far the next environment's clock is ahead, in milliseconds; negative: behind. */
  readonly next = (): number => {
    const half = Math.floor(this.skewMs / 2);
    // Often as far apart as possible.
    const shiftMs = this.draws.oneOf([-half, half, this.draws.whole(-half, half)]);
    this.shifts.push(shiftMs);
    return shiftMs;
  };

  /** How many environments there were. */
  get count(): number {
    return this.shifts.length;
  }

  get largestDifferenceMs(): number {
    return this.shifts.length === 0 ? 0 : Math.max(...this.shifts) - Math.min(...this.shifts);
  }
}
