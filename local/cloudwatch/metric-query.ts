import { parseExpression } from './metric-math';
import type { MetricId, MetricStore } from './metric-store';

/** The query of a widget or an alarm: a statistic of a metric, or an expression with statistics as operands. */
export type MetricQuery =
  MetricStatistic | { readonly expression: string; readonly operands: Readonly<Record<string, MetricStatistic>> };

/** A statistic of a metric. */
export interface MetricStatistic {
  readonly metric: MetricId;
  readonly statistic: string;
}

/** The statistics that a query uses. */
export function statisticsOf(query: MetricQuery): readonly MetricStatistic[] {
  return 'expression' in query ? Object.values(query.operands) : [query];
}

/** The value of a query for a time range; undefined: no data. @param toMs exclusive. */
export function valueOf(query: MetricQuery, store: MetricStore, fromMs: number, toMs: number): number | undefined {
  const valueOfStatistic = ({ metric, statistic }: MetricStatistic): number | undefined =>
    takeStatistic(statistic, store.valuesOf(metric, fromMs, toMs));
  if (!('expression' in query)) return valueOfStatistic(query);
  return parseExpression(query.expression)((id) => {
    const operand = query.operands[id];
    if (operand === undefined) throw new Error(`There is no metric ${id} for '${query.expression}'`);
    return valueOfStatistic(operand);
  });
}

/**
 * Computes a statistic of the values of a period. Percentiles use the nearest rank, while CloudWatch interpolates within a
 * bucket (CloudWatch user guide, "CloudWatch statistics definitions").
 * @param statistic `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount`, or `pNN`.
 * @returns undefined if there are no values.
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
  if (percent === undefined) throw new Error(`The statistic ${name} is not supported locally`);
  return (values) => {
    const rank = Math.max(1, Math.ceil((Number(percent) / 100) * values.length));
    return [...values].sort((one, other) => one - other)[rank - 1] ?? NaN;
  };
}
