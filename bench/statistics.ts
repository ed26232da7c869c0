/** A figure that was measured several times. */
export interface Spread {
  readonly median: number;
  /** The lower quartile. */
  readonly low: number;
  /** The upper quartile. */
  readonly high: number;
  readonly rounds: number;
}

/** Computes median and quartiles. @throws RangeError when there are no values. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('There are no values');
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    rounds: values.length,
  };
}

/** Interpolates linearly between two values, which is the default of most statistics programs. */
function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/**
 * Divides two series round by round, so that a slow round affects both and cancels out.
 * @throws RangeError when the series have different lengths.
 */
export function ratios(values: readonly number[], others: readonly number[]): number[] {
  if (values.length !== others.length) throw new RangeError('The series have different numbers of rounds');
  return values.map((value, at) => value / (others[at] ?? NaN));
}
