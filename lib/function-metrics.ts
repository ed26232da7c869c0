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

/** A metric that the function publishes, for the dashboard and the alarms. @param reason only rejections for this reason. */
export function functionMetric(fn: IFunction, name: MetricName, view: MetricView, reason?: RejectionReason): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName: name,
    dimensionsMap: {
      [metricDimensions.functionName]: fn.functionName,
      ...(reason !== undefined && { [metricDimensions.reason]: reason }),
    },
    ...view,
  });
}
