import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { metricDimensions, metricNamespace, type MetricName } from '../contract/metrics';
import type { RejectionReason } from '../contract/outcome';

/** How to look at a metric. */
export interface MetricView {
  /** `Sum`, `Maximum`, `p95` … */
  readonly statistic: string;
  readonly period?: Duration;
  readonly label?: string;
  readonly color?: string;
}

/** A metric that the function publishes, as the dashboard and the alarms look at it. */
export function functionMetric(fn: IFunction, name: MetricName, view: MetricView): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName: name,
    dimensionsMap: { [metricDimensions.functionName]: fn.functionName },
    ...view,
  });
}

/** Rejections for one reason. */
export function rejectionsFor(fn: IFunction, reason: RejectionReason, view: Omit<MetricView, 'label'>): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName: 'PhotosRejected' satisfies MetricName,
    dimensionsMap: { [metricDimensions.functionName]: fn.functionName, [metricDimensions.reason]: reason },
    label: reason,
    ...view,
  });
}
