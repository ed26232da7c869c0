/** What became of a figure that was measured several times. */
export interface Spread {
  readonly median: number;
  /** The lower quartile. */
  readonly low: number;
  /** The upper quartile. */
  readonly high: number;
  readonly rounds: number;
}

/** @throws RangeError when there is nothing to summarise. */
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

/** Between two values the one in proportion, as most statistics programs do by default. */
function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/**
 * What one costs in terms of the other, round by round: what the machine does to a whole round cancels out.
 * @throws RangeError when they were not measured in the same rounds.
 */
export function ratios(values: readonly number[], others: readonly number[]): number[] {
  if (values.length !== others.length) throw new RangeError('They were measured in different rounds');
  return values.map((value, at) => value / (others[at] ?? NaN));
}
