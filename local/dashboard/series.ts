import { dashboardPeriodMs, type MetricWidget } from '../cloudwatch/dashboard';
import { valueOf } from '../cloudwatch/metric-query';
import type { MetricStore } from '../cloudwatch/metric-store';

/** The time that a dashboard shows: whole periods, in CloudWatch's time. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A line of a graph. */
export interface Series {
  readonly label: string;
  readonly color: string;
  /** One point for each period; undefined: no data. */
  readonly points: readonly (number | undefined)[];
}

/** CloudWatch's default colours, from D3. */
const palette = [
  ...['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd', '#8c564b', '#e377c2', '#7f7f7f', '#bcbd22', '#17becf'],
];

/** Computes the points of a widget's metrics for each period. */
export function takeSeries({ metrics }: MetricWidget, store: MetricStore, { fromMs, toMs }: Span): Series[] {
  const periods = Math.round((toMs - fromMs) / dashboardPeriodMs);
  return metrics.map(({ label, color, query }, at) => ({
    label,
    color: color ?? palette[at % palette.length] ?? '',
    points: Array.from({ length: periods }, (_, period) => {
      const startMs = fromMs + period * dashboardPeriodMs;
      return valueOf(query, store, startMs, startMs + dashboardPeriodMs);
    }),
  }));
}

/** The unit of a widget's metrics; undefined for expressions and for metrics without data. */
export function unitOf({ metrics }: MetricWidget, store: MetricStore): string | undefined {
  const [first] = metrics.flatMap(({ query }) => ('metric' in query ? [query.metric] : []));
  return first === undefined ? undefined : store.find(first)?.unit;
}
