/**
 * Takes a statistic of the values of a period.
 *
 * Percentiles are the nearest rank; CloudWatch's own lie within a bucket of it (CloudWatch user guide, "CloudWatch statistics
 * definitions").
 * @param statistic `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount`, or `pNN`.
 * @returns undefined when there are no values: that is no 0.
 * @throws for any other statistic.
 */
export function takeStatistic(statistic: string, values: readonly number[]): number | undefined {
  const take = findStatistic(statistic);
  return values.length === 0 ? undefined : take(values);
}

type Statistic = (values: readonly number[]) => number;

const sum: Statistic = (values) => values.reduce((total, value) => total + value, 0);

const statistics: Readonly<Record<string, Statistic>> = {
  Sum: sum,
  Average: (values) => sum(values) / values.length,
  Minimum: (values) => Math.min(...values),
  Maximum: (values) => Math.max(...values),
  SampleCount: (values) => values.length,
};

function findStatistic(name: string): Statistic {
  const known = statistics[name];
  if (known !== undefined) return known;
  const [, percent] = /^p(\d{1,2}(?:\.\d+)?|100)$/.exec(name) ?? [];
  if (percent === undefined) throw new Error(`The local CloudWatch does not know the statistic ${name}`);
  return (values) => {
    const rank = Math.max(1, Math.ceil((Number(percent) / 100) * values.length));
    return [...values].sort((one, other) => one - other)[rank - 1] ?? NaN;
  };
}
