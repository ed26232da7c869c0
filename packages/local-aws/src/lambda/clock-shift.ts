/** Environment variable: how far an execution environment's clock is ahead, in milliseconds. Negative: behind. */
export const clockShiftVariable = 'LOCAL_CLOCK_SHIFT_MS';

/** Shifts `Date.now` of this process, to simulate a wrong clock. */
export function shiftClock(shiftMs: number): void {
  const realNow = Date.now.bind(Date);
  Date.now = () => realNow() + shiftMs;
}
