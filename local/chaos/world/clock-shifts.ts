import { Draws } from '../plan/draws';

/** The clocks of execution environments. Two of them differ by at most the clock skew. */
export class ClockShifts {
  private readonly shifts: number[] = [];
  private readonly draws: Draws;

  constructor(
    seed: number,
    private readonly skewMs: number,
  ) {
    this.draws = new Draws(seed, 'clocks');
  }

  /** How far the next environment's clock is ahead, in milliseconds. Negative values mean behind. */
  readonly next = (): number => {
    const half = Math.floor(this.skewMs / 2);
    // Often the maximum difference.
    const shiftMs = this.draws.oneOf([-half, half, this.draws.whole(-half, half)]);
    this.shifts.push(shiftMs);
    return shiftMs;
  };

  /** The number of environments. */
  get count(): number {
    return this.shifts.length;
  }

  get largestDifferenceMs(): number {
    return this.shifts.length === 0 ? 0 : Math.max(...this.shifts) - Math.min(...this.shifts);
  }
}
