import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { functionTimeoutMs, jitterFactor, maxWaitMs, photoDeadlineMs } from '../contract/durations';
import type { MetricName } from '../contract/metrics';
import { functionMetric } from './function-metrics';

/** The resources to watch, and the address to notify. */
export interface UploaderAlarmsProps {
  readonly function: IFunction;
  readonly queue: IQueue;
  readonly deadLetterQueue: IQueue;
  /** The dead-letter queue of the EventBridge rule, for an existing bucket. */
  readonly undeliveredEventsQueue: IQueue | undefined;
  /** Notified when an alarm fires and when it ends. Default: alarms show only on the dashboard. */
  readonly email: string | undefined;
  /** The customer managed key that encrypts the topic. */
  readonly pipelineKey: IKey | undefined;
  /** The address of the runbook. */
  readonly runbookUrl: string;
}

interface AlarmSpecification {
  /** What is wrong, in a sentence. */
  readonly description: string;
  /** The heading in the runbook. */
  readonly runbookAnchor: string;
  readonly metric: IMetric;
  /** The alarm fires at this value and above. */
  readonly threshold: number;
  /** How many consecutive periods must reach the threshold. Default: 1. */
  readonly periods?: number;
  /** The alarm fires after one period at the threshold and ends after this many periods below it. */
  readonly periodsToStay?: number;
}

const fiveMinutes = Duration.minutes(5);

const quarterOfAnHour = Duration.minutes(15);

/** SQS delivers no more messages at 120,000 in flight (SQS developer guide, "Standard queue quotas"). */
const manyInFlight = 100_000;

/** No photo takes this long unless it is retried again and again, or a backlog is being processed. */
const oldEventMs = 3_600_000;

/** The longest time between two deliveries of a photo that is retried. Time in a backlog comes on top. */
const longestPauseMs = maxWaitMs * jitterFactor + photoDeadlineMs;

/** How many periods an alarm must stay so that it does not flap while photos wait for their next delivery. */
function periodsOfPause(period: Duration): number {
  return Math.ceil(longestPauseMs / period.toMilliseconds()) + 1;
}

/** One alarm for each condition that needs a person. The runbook says what to do. */
export class UploaderAlarms extends Construct {
  readonly alarms: readonly Alarm[];
  /** Only if somebody is notified. */
  readonly topic: Topic | undefined;

  constructor(scope: Construct, id: string, props: UploaderAlarmsProps) {
    super(scope, id);
    this.topic = props.email === undefined ? undefined : this.createTopic(props.email, props.pipelineKey);
    const action = this.topic === undefined ? undefined : new SnsAction(this.topic);
    this.alarms = Object.entries(specify(props)).map(([name, specification]) => {
      const { description, runbookAnchor, metric, threshold, periods = 1, periodsToStay } = specification;
      const alarm = new Alarm(this, name, {
        alarmDescription: `${description} Runbook: ${props.runbookUrl}#${runbookAnchor}`,
        metric,
        threshold,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: periodsToStay ?? periods,
        datapointsToAlarm: periodsToStay === undefined ? periods : 1,
        // Metrics are published with photos: without photos there is no data, and nothing is wrong.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      if (action !== undefined) {
        alarm.addAlarmAction(action);
        alarm.addOkAction(action);
      }
      return alarm;
    });
  }

  private createTopic(email: string, key: IKey | undefined): Topic {
    const topic = new Topic(this, 'Topic', {
      displayName: 'Live photo alarms',
      enforceSSL: true,
      ...(key !== undefined && { masterKey: key }),
    });
    const { account, partition, region } = Stack.of(this);
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
        },
      }),
    );
    topic.addSubscription(new EmailSubscription(email));
    Validations.of(topic).acknowledge({
      id: 'AwsSolutions-SNS2',
      reason:
        "An alarm describes the state of the pipeline and contains nothing about a photo. CloudWatch can't use the AWS-managed key.",
    });
    return topic;
  }
}

/** One alarm for both queues: what is in them is not retried, and a person must look. */
function countDeadLetters({ deadLetterQueue, undeliveredEventsQueue }: UploaderAlarmsProps): IMetric {
  const count = (queue: IQueue): IMetric =>
    queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: fiveMinutes });
  if (undeliveredEventsQueue === undefined) return count(deadLetterQueue);
  return new MathExpression({
    // SQS publishes no metrics of a queue that nobody has used for hours.
    expression: 'FILL(deadLetters, 0) + FILL(undelivered, 0)',
    label: 'dead letters and undelivered events',
    period: fiveMinutes,
    usingMetrics: { deadLetters: count(deadLetterQueue), undelivered: count(undeliveredEventsQueue) },
  });
}

function specify(props: UploaderAlarmsProps): Record<string, AlarmSpecification> {
  const { function: fn, queue, undeliveredEventsQueue } = props;
  const of = (name: MetricName, statistic: string, period = fiveMinutes): IMetric =>
    functionMetric(fn, name, { statistic, period });
  return {
    DeadLetters: {
      description:
        undeliveredEventsQueue === undefined
          ? 'Messages that could not be processed are in the dead-letter queue.'
          : 'Messages that could not be processed are in the dead-letter queue, or events that EventBridge could not deliver are in their queue.',
      runbookAnchor: 'dead-letters',
      metric: countDeadLetters(props),
      threshold: 1,
    },
    NotReceived: {
      description: 'Messages have been visible in the upload queue for a quarter of an hour, and none was received.',
      runbookAnchor: 'not-received',
      // Not missing while messages wait: SQS reports 0 too, for queues that contain messages. An invocation ends after 5 minutes at
      // the latest, so a backlog that is being processed has receives in each quarter of an hour. Retries that wait are not visible.
      metric: new MathExpression({
        expression: 'IF(received < 1, visible, 0)',
        label: 'messages that nobody receives',
        period: fiveMinutes,
        usingMetrics: {
          received: queue.metricNumberOfMessagesReceived({ statistic: 'Sum', period: fiveMinutes }),
          visible: queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Minimum', period: fiveMinutes }),
        },
      }),
      threshold: 1,
      periods: 3,
    },
    InFlight: {
      description: 'Over 100,000 messages are in flight. SQS delivers no more messages at 120,000.',
      runbookAnchor: 'in-flight',
      metric: queue.metricApproximateNumberOfMessagesNotVisible({ statistic: 'Maximum', period: fiveMinutes }),
      threshold: manyInFlight,
    },
    OldEvents: {
      description: 'A photo was delivered to the function more than an hour after it was created.',
      runbookAnchor: 'old-events',
      metric: of('EventAge', 'Maximum'),
      threshold: oldEventMs,
      // Measured at each delivery.
      periodsToStay: periodsOfPause(fiveMinutes),
    },
    AccountFault: {
      description:
        'ComplyCube refuses its account: a bad API key, payment due, or no permission. No photo is uploaded.',
      runbookAnchor: 'account-fault',
      metric: of('AccountFaults', 'Sum', Duration.minutes(1)),
      threshold: 1,
      periodsToStay: periodsOfPause(Duration.minutes(1)),
    },
    RefusedPhotos: {
      description:
        'ComplyCube refused three different photos within a quarter of an hour, without naming the photo or the client as the cause.',
      runbookAnchor: 'refused-photos',
      // The function counts each photo at most once in 15 minutes.
      metric: of('PhotosRefused', 'Sum', quarterOfAnHour),
      threshold: 3,
      periodsToStay: periodsOfPause(quarterOfAnHour),
    },
    ManyRejections: {
      description: 'At least half of 20 or more photos were rejected within 15 minutes.',
      runbookAnchor: 'many-rejections',
      metric: new MathExpression({
        // A few rejections among a few photos mean nothing.
        expression: 'IF(uploaded + rejected >= 20, 100 * rejected / (uploaded + rejected), 0)',
        label: '% of photos rejected',
        period: quarterOfAnHour,
        usingMetrics: {
          uploaded: of('PhotosUploaded', 'Sum'),
          rejected: of('PhotosRejected', 'Sum'),
        },
      }),
      threshold: 50,
    },
    FailedErasures: {
      description:
        'A photo was not erased: ComplyCube refused to delete its live photo, or the function refused the request.',
      runbookAnchor: 'failed-erasures',
      metric: new MathExpression({
        expression: 'FILL(refused, 0) + FILL(deadLettered, 0)',
        label: 'erasures that failed',
        period: fiveMinutes,
        usingMetrics: {
          refused: of('ErasuresRefused', 'Sum'),
          deadLettered: of('ErasuresDeadLettered', 'Sum'),
        },
      }),
      threshold: 1,
    },
    RateLimited: {
      description:
        'For a quarter of an hour ComplyCube has answered at least 5 % of the calls with 429, although the function has lowered its pace.',
      runbookAnchor: 'rate-limited',
      metric: new MathExpression({
        // The function tests now and then whether the account allows more again. That is about 1 % of the calls.
        expression: 'IF(calls >= 5, 100 * limited / calls, 0)',
        label: '% of calls answered 429',
        period: fiveMinutes,
        usingMetrics: {
          calls: of('ApiLatency', 'SampleCount'),
          limited: of('RateLimited', 'Sum'),
        },
      }),
      threshold: 5,
      periods: 3,
    },
    FunctionErrors: {
      description:
        'An invocation failed as a whole: the function did not start, ran out of memory or time, or has a bug.',
      runbookAnchor: 'function-errors',
      metric: fn.metricErrors({ statistic: 'Sum', period: fiveMinutes }),
      threshold: 1,
    },
    Throttles: {
      description: 'Lambda throttles the function: the AWS account has no concurrency left.',
      runbookAnchor: 'throttles',
      metric: fn.metricThrottles({ statistic: 'Sum', period: fiveMinutes }),
      threshold: 1,
      periods: 2,
    },
    Timeouts: {
      description: 'The function reached its timeout and was killed while it processed photos.',
      runbookAnchor: 'timeouts',
      metric: fn.metricDuration({ statistic: 'Maximum', period: fiveMinutes }),
      threshold: functionTimeoutMs,
    },
  };
}
