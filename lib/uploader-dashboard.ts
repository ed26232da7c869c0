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
import type { Metric, MetricName } from '../contract/metrics';
import { rejectionReasons } from '../contract/outcome';
import { functionMetric, type MetricView } from './function-metrics';

/** The resources that the dashboard shows. */
export interface UploaderDashboardProps {
  readonly function: IFunction;
  readonly queue: IQueue;
  readonly deadLetterQueue: IQueue;
  readonly undeliveredEventsQueue: IQueue | undefined;
  readonly alarms: readonly Alarm[];
  /** The most calls per second to ComplyCube. */
  readonly callsPerSecond: number;
}

const fullWidth = 24;

/** A dashboard with one section for each question that operators ask. */
export class UploaderDashboard extends Dashboard {
  constructor(scope: Construct, id: string, props: UploaderDashboardProps) {
    super(scope, id, { defaultInterval: Duration.hours(24) });
    const { function: fn, queue, deadLetterQueue, undeliveredEventsQueue, alarms } = props;
    const of = (name: MetricName, view: Partial<MetricView> = {}): IMetric =>
      functionMetric(fn, name, { statistic: 'Sum', ...view });

    this.section('Is it working?', [
      new SingleValueWidget({
        title: 'Photos in the last 24 hours',
        width: 9,
        height: 6,
        setPeriodToTimeRange: true,
        metrics: [
          of('PhotosUploaded', { label: 'uploaded', color: Color.GREEN }),
          of('PhotosRejected', { label: 'rejected', color: Color.ORANGE }),
          of('PhotosRetried', { label: 'retried' }),
          of('DuplicatesSkipped', { label: 'duplicates skipped' }),
        ],
      }),
      new SingleValueWidget({
        title: 'Dead letters now',
        width: 3,
        height: 6,
        metrics: [
          deadLetterQueue.metricApproximateNumberOfMessagesVisible({ label: 'messages', color: Color.RED }),
          ...(undeliveredEventsQueue === undefined
            ? []
            : [undeliveredEventsQueue.metricApproximateNumberOfMessagesVisible({ label: 'undelivered events' })]),
        ],
      }),
      new AlarmStatusWidget({ title: 'Alarms', width: 6, height: 6, alarms: [...alarms] }),
      graph(
        'Failures of the function',
        'Count',
        [
          fn.metricErrors({ label: 'errors', color: Color.RED }),
          fn.metricThrottles({ label: 'throttles', color: Color.ORANGE }),
        ],
        { width: 6, height: 6 },
      ),
    ]);
    this.section('Is it keeping up?', [
      graph('From creation to tags', 'Milliseconds', [
        of('TimeToTag', { statistic: 'p50', label: 'half are faster' }),
        of('TimeToTag', { statistic: 'p95', label: '95 % are faster' }),
        of('TimeToTag', { statistic: 'Maximum', label: 'slowest' }),
      ]),
      graph('Age of events at delivery', 'Milliseconds', [of('EventAge', { statistic: 'Maximum', label: 'oldest' })]),
      graph('Upload queue', 'Count', [
        queue.metricApproximateNumberOfMessagesVisible({ label: 'ready' }),
        queue.metricApproximateNumberOfMessagesNotVisible({ label: 'in flight' }),
      ]),
    ]);
    this.section('Why are photos rejected?', [
      graph(
        'Rejections by reason',
        'Count',
        rejectionReasons.map((reason) =>
          functionMetric(fn, 'PhotosRejected', { statistic: 'Sum', label: reason }, reason),
        ),
        { width: 16, isStacked: true },
      ),
      graph('Objects without outcome tags', 'Count', [
        of('OutcomesUntagged', { label: 'could not be tagged', color: Color.RED }),
        of('PhotosGone', { label: 'deleted before they were processed' }),
        of('PhotosMarkedToSkip', { label: 'marked to skip by the app' }),
      ]),
    ]);
    const quarter = { width: fullWidth / 4 };
    this.section('Is ComplyCube well?', [
      graph(
        'Calls by answer',
        'Count',
        [
          of('ApiCalls2xx', { label: 'accepted', color: Color.GREEN }),
          of('ApiCalls4xx', { label: 'refused', color: Color.ORANGE }),
          of('ApiCalls5xx', { label: 'failed', color: Color.RED }),
          of('ApiCallsUnanswered', { label: 'unanswered', color: Color.GREY }),
        ],
        { ...quarter, isStacked: true },
      ),
      graph(
        'Latency',
        'Milliseconds',
        [
          of('ApiLatency', { statistic: 'p50', label: 'half are faster' }),
          of('ApiLatency', { statistic: 'p95', label: '95 % are faster' }),
          of('ApiLatency', { statistic: 'Maximum', label: 'slowest' }),
        ],
        quarter,
      ),
      graph(
        `Pace, in % of ${props.callsPerSecond} calls per second`,
        'Percent',
        [
          of('PaceAllowed', { statistic: 'Average', label: 'allowed by ComplyCube', color: Color.BLUE }),
          of('PaceAllowed', { statistic: 'Minimum', label: 'slowest environment', color: Color.ORANGE }),
        ],
        quarter,
      ),
      graph(
        'Held up',
        'Count',
        [
          of('RateLimited', { label: 'rate limited (429)', color: Color.ORANGE }),
          of('AccountFaults', { label: 'account at fault', color: Color.RED }),
          of('PhotosRefused', { label: 'refused without a cause', color: Color.BROWN }),
          of('LivePhotosAdopted', { label: 'earlier live photo adopted', color: Color.BLUE }),
          of('LivePhotosNotFound', { label: 'no earlier live photo found', color: Color.PURPLE }),
        ],
        quarter,
      ),
    ]);
    this.section('Are photos erased?', [
      graph(
        'Erasures by result',
        'Count',
        [
          of('PhotosErased', { label: 'erased', color: Color.GREEN }),
          of('ErasuresRefused', { label: 'refused by ComplyCube', color: Color.ORANGE }),
          of('ErasuresDeadLettered', { label: 'sent to the dead-letter queue', color: Color.RED }),
          of('ErasuresRetried', { label: 'retried', color: Color.GREY }),
        ],
        { width: 16, isStacked: true },
      ),
      graph('Erased without a live photo, or skipped', 'Count', [
        of('ErasuresNotFound', { label: 'ComplyCube had no live photo' }),
        of('ErasedSkipped', { label: 'late events of erased photos' }),
      ]),
    ]);
    this.section('What does it cost?', [
      graph(
        'Photos and deliveries',
        'Count',
        [
          of('PhotosUploaded', { label: 'uploaded' }),
          of('Redeliveries', { label: 'redeliveries' }),
          of('ColdStarts', { label: 'cold starts' }),
        ],
        quarter,
      ),
      graph(
        'Calls to ComplyCube per photo',
        'None',
        [
          new MathExpression({
            expression: 'calls / uploaded',
            label: 'calls',
            usingMetrics: {
              // Each call has one latency. A sum of the metrics by answer would be missing if one of them is.
              calls: of('ApiLatency', { statistic: 'SampleCount' }),
              uploaded: of('PhotosUploaded'),
            },
          }),
        ],
        quarter,
      ),
      graph(
        'Duration of the function',
        'Milliseconds',
        [fn.metricDuration({ statistic: 'Sum', label: 'billed (approximate)', color: Color.BLUE })],
        quarter,
      ),
      graph('Bytes uploaded', 'Bytes', [of('PhotoBytes', { label: 'bytes' })], quarter),
    ]);
  }

  private section(question: string, widgets: readonly IWidget[]): void {
    this.addWidgets(new TextWidget({ markdown: `# ${question}`, width: fullWidth, height: 1 }));
    this.addWidgets(new Row(...widgets));
  }
}

/** @param unit CloudWatch's unit of all metrics of the graph. Metrics of different units would need different axes. */
function graph(
  title: string,
  unit: Metric['unit'] | 'None',
  metrics: readonly IMetric[],
  { width = 8, height = 6, isStacked = false }: { width?: number; height?: number; isStacked?: boolean } = {},
): GraphWidget {
  const leftYAxis = { min: 0, showUnits: false, ...(unit !== 'None' && { label: unit }) };
  return new GraphWidget({ title, width, height, left: [...metrics], leftYAxis, stacked: isStacked });
}
