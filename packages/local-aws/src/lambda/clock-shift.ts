/** The environment variable with the milliseconds by which an execution environment's clock is ahead; negative: behind. */
export const clockShiftVariable = 'LOCAL_CLOCK_SHIFT_MS';

/** Shifts `Date.now` of this process, as on a machine whose clock is wrong. */
export function shiftClock(shiftMs: number): void {
  const realNow = Date.now.bind(Date);
  Date.now = () => realNow() + shiftMs;
}
