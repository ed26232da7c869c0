import { metricDimensions, type MetricName, metricNamespace, metrics } from '../../contract/metrics';
import type { RejectionReason } from '../../contract/outcome';

/** The metrics to publish, each with one or several values. */
export type MetricValues = { readonly [Name in MetricName]?: number | readonly number[] };

/**
 * Creates the log fields from which CloudWatch extracts metrics (CloudWatch user guide, "Embedded metric format specification").
 * Publishing needs no API call. CloudWatch may count a line twice, so metrics are not an audit trail.
 * @param reason also publishes `PhotosRejected` with this reason as a dimension.
 */
export function embedMetrics(
  values: MetricValues,
  {
    functionName,
    reason,
    nowMs,
  }: { readonly functionName: string; readonly reason?: RejectionReason | undefined; readonly nowMs: number },
): Readonly<Record<string, unknown>> {
  const names = (Object.keys(values) as MetricName[]).filter((name) => !isEmpty(values[name]));
  if (names.length === 0) return {};
  const directive = (dimensions: readonly string[], published: readonly MetricName[]) => ({
    Namespace: metricNamespace,
    Dimensions: [dimensions],
    Metrics: published.map((Name) => ({ Name, Unit: metrics[Name].unit })),
  });
  const { functionName: byFunction, reason: byReason } = metricDimensions;
  const directives = [directive([byFunction], names)];
  if (reason !== undefined) directives.push(directive([byFunction, byReason], ['PhotosRejected']));
  return {
    _aws: { Timestamp: nowMs, CloudWatchMetrics: directives },
    [byFunction]: functionName,
    ...(reason !== undefined && { [byReason]: reason }),
    ...Object.fromEntries(names.map((name) => [name, capped(values[name])])),
  };
}

/** CloudWatch ignores a metric with more than 100 values (Embedded metric format specification, "Target members"). */
const maxValues = 100;

function capped(value: number | readonly number[] | undefined): number | readonly number[] | undefined {
  return typeof value === 'object' ? value.slice(0, maxValues) : value;
}

function isEmpty(value: number | readonly number[] | undefined): boolean {
  return value === undefined || (typeof value !== 'number' && value.length === 0);
}
