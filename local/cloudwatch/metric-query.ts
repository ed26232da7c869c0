import { parseExpression } from './metric-math';
import type { MetricId, MetricStore } from './metric-store';
import { takeStatistic } from './statistics';

/** What a widget or an alarm looks at: a statistic of a metric, or an expression over such. */
export type MetricQuery =
  | { readonly metric: MetricId; readonly statistic: string }
  | { readonly expression: string; readonly operands: Readonly<Record<string, MetricStatistic>> };

/** A statistic of a metric. */
export interface MetricStatistic {
  readonly metric: MetricId;
  readonly statistic: string;
}

/** The statistics that a query stands on. */
export function statisticsOf(query: MetricQuery): readonly MetricStatistic[] {
  return 'expression' in query ? Object.values(query.operands) : [query];
}

/** A query's value for the time from one moment, inclusive, to another, exclusive; undefined when there is no data. */
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
