import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { metricDimensions, metricNamespace, type MetricName } from '../contract/metrics';
import type { RejectionReason } from '../contract/outcome';

/** How a metric is aggregated and shown. */
export interface MetricView {
  /** `Sum`, `Maximum`, `p95` … */
  readonly statistic: string;
  readonly period?: Duration;
  readonly label?: string;
  readonly color?: string;
}

/** A metric that the function publishes, for the dashboard and the alarms. */
export function functionMetric(fn: IFunction, name: MetricName, view: MetricView): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName: name,
    dimensionsMap: { [metricDimensions.functionName]: fn.functionName },
    ...view,
  });
}

/** The number of rejections for one reason. */
export function rejectionsFor(fn: IFunction, reason: RejectionReason, view: Omit<MetricView, 'label'>): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName: 'PhotosRejected' satisfies MetricName,
    dimensionsMap: { [metricDimensions.functionName]: fn.functionName, [metricDimensions.reason]: reason },
    label: reason,
    ...view,
  });
}
