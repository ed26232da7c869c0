import {
  type Alarm,
  AlarmStatusWidget,
  Color,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  Row,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { MetricName } from '../lambda/metrics';
import { rejectionReasons } from '../lambda/outcome';
import { functionMetric, type MetricView, rejectionsFor } from './function-metrics';

/** What the dashboard is about. */
export interface UploaderDashboardProps {
  readonly function: IFunction;
  readonly queue: IQueue;
  readonly deadLetterQueue: IQueue;
  readonly alarms: readonly Alarm[];
}

const fullWidth = 24;

/**
 * A dashboard laid out as a person reads it: is it working, is it keeping up, why are photos rejected, is ComplyCube well, and
 * what does it cost.
 */
export class UploaderDashboard extends Dashboard {
  constructor(scope: Construct, id: string, props: UploaderDashboardProps) {
    super(scope, id, { defaultInterval: Duration.hours(24) });
    const { function: fn, queue, deadLetterQueue, alarms } = props;
    const of = (name: MetricName, view: Partial<MetricView> = {}): IMetric =>
      functionMetric(fn, name, { statistic: 'Sum', ...view });

    this.section('Is it working?', [
      new SingleValueWidget({
        title: 'Photos in the last 24 hours',
        width: 15,
        height: 4,
        setPeriodToTimeRange: true,
        metrics: [
          of('PhotosUploaded', { label: 'uploaded', color: Color.GREEN }),
          of('PhotosRejected', { label: 'rejected', color: Color.ORANGE }),
          of('PhotosRetried', { label: 'tried again' }),
          of('DuplicatesSkipped', { label: 'duplicates skipped' }),
        ],
      }),
      new SingleValueWidget({
        title: 'Dead letters now',
        width: 4,
        height: 4,
        metrics: [deadLetterQueue.metricApproximateNumberOfMessagesVisible({ label: 'messages', color: Color.RED })],
      }),
      new AlarmStatusWidget({ title: 'Alarms', width: 5, height: 4, alarms: [...alarms] }),
    ]);
    this.section('Is it keeping up?', [
      graph('From creation to tags', [
        of('TimeToTag', { statistic: 'p50', label: 'half are faster' }),
        of('TimeToTag', { statistic: 'p95', label: '95 % are faster' }),
        of('TimeToTag', { statistic: 'Maximum', label: 'slowest' }),
      ]),
      graph('Age of events at delivery', [of('EventAge', { statistic: 'Maximum', label: 'oldest' })]),
      graph('Upload queue', [
        queue.metricApproximateNumberOfMessagesVisible({ label: 'ready' }),
        queue.metricApproximateNumberOfMessagesNotVisible({ label: 'in work or waiting' }),
      ]),
    ]);
    this.section('Why are photos rejected?', [
      graph(
        'Rejections by reason',
        rejectionReasons.map((reason) => rejectionsFor(fn, reason, { statistic: 'Sum' })),
        { width: 16, isStacked: true },
      ),
      graph('Outcomes that could not be tagged', [
        of('OutcomesUntagged', { label: 'untagged', color: Color.RED }),
        of('PhotosGone', { label: 'gone before their turn' }),
      ]),
    ]);
    this.section('Is ComplyCube well?', [
      graph(
        'Calls by answer',
        [
          of('ApiCalls2xx', { label: 'accepted', color: Color.GREEN }),
          of('ApiCalls4xx', { label: 'refused', color: Color.ORANGE }),
          of('ApiCalls5xx', { label: 'failed', color: Color.RED }),
          of('ApiCallsUnanswered', { label: 'unanswered', color: Color.GREY }),
        ],
        { isStacked: true },
      ),
      graph('Latency', [
        of('ApiLatency', { statistic: 'p50', label: 'half are faster' }),
        of('ApiLatency', { statistic: 'p95', label: '95 % are faster' }),
        of('ApiLatency', { statistic: 'Maximum', label: 'slowest' }),
      ]),
      graph('Held up', [
        of('RateLimited', { label: 'rate limited (429)', color: Color.ORANGE }),
        of('AccountFaults', { label: 'account at fault', color: Color.RED }),
        of('LivePhotosAdopted', { label: 'earlier live photo adopted' }),
        of('LivePhotosNotFound', { label: 'no earlier live photo found' }),
      ]),
    ]);
    this.section('What does it cost?', [
      graph('Photos and deliveries', [
        of('PhotosUploaded', { label: 'uploaded' }),
        of('Redeliveries', { label: 'redeliveries' }),
        of('ColdStarts', { label: 'cold starts' }),
      ]),
      graph('Calls to ComplyCube a photo', [
        new MathExpression({
          expression: '(accepted + refused + failed + unanswered) / uploaded',
          label: 'calls',
          usingMetrics: {
            accepted: of('ApiCalls2xx'),
            refused: of('ApiCalls4xx'),
            failed: of('ApiCalls5xx'),
            unanswered: of('ApiCallsUnanswered'),
            uploaded: of('PhotosUploaded'),
          },
        }),
      ]),
      graph('Function', [
        fn.metricDuration({ statistic: 'Sum', label: 'milliseconds billed, about' }),
        fn.metricErrors({ label: 'errors', color: Color.RED }),
        fn.metricThrottles({ label: 'throttles', color: Color.ORANGE }),
      ]),
      graph('Bytes uploaded', [of('PhotoBytes', { label: 'bytes' })]),
    ]);
  }

  private section(question: string, widgets: readonly IWidget[]): void {
    this.addWidgets(new TextWidget({ markdown: `# ${question}`, width: fullWidth, height: 1 }));
    this.addWidgets(new Row(...widgets));
  }
}

function graph(
  title: string,
  metrics: readonly IMetric[],
  { width = 8, isStacked = false }: { readonly width?: number; readonly isStacked?: boolean } = {},
): GraphWidget {
  return new GraphWidget({ title, width, height: 6, left: [...metrics], leftYAxis: { min: 0 }, stacked: isStacked });
}
