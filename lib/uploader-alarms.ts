import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { MetricName } from '../lambda/metrics';
import { functionMetric } from './function-metrics';

/** What to watch, and whom to tell. */
export interface UploaderAlarmsProps {
  readonly function: IFunction;
  readonly functionTimeout: Duration;
  readonly deadLetterQueue: IQueue;
  /** Told of each alarm that goes off, and when it is over; left out, alarms show on the dashboard alone. */
  readonly email: string | undefined;
  /** Where the runbook is. */
  readonly runbookUrl: string;
}

interface AlarmSpecification {
  /** What is wrong, in a sentence. */
  readonly description: string;
  /** The heading in the runbook. */
  readonly runbookAnchor: string;
  readonly metric: IMetric;
  /** Goes off at this value and above. */
  readonly threshold: number;
  /** So many periods one after another; 1 unless given. */
  readonly periods?: number;
  /** Goes off as soon as one period is bad, and stays so for as many as this, in which the next bad one is due. */
  readonly periodsToStay?: number;
}

const fiveMinutes = Duration.minutes(5);

/** An hour: the longest usual wait of a photo that is tried again, and far longer than any photo that is not. */
const oldEventMs = 3_600_000;

/** One alarm for each thing that a person has to do something about; the runbook says what. */
export class UploaderAlarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: UploaderAlarmsProps) {
    super(scope, id);
    const action = props.email === undefined ? undefined : new SnsAction(this.createTopic(props.email));
    this.alarms = Object.entries(specify(props)).map(([name, specification]) => {
      const { description, runbookAnchor, metric, threshold, periods = 1, periodsToStay } = specification;
      const alarm = new Alarm(this, name, {
        alarmDescription: `${description} Runbook: ${props.runbookUrl}#${runbookAnchor}`,
        metric,
        threshold,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: periodsToStay ?? periods,
        datapointsToAlarm: periodsToStay === undefined ? periods : 1,
        // Metrics come with photos: no photos, no data, and nothing wrong.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      if (action !== undefined) {
        alarm.addAlarmAction(action);
        alarm.addOkAction(action);
      }
      return alarm;
    });
  }

  private createTopic(email: string): Topic {
    const topic = new Topic(this, 'Topic', { displayName: 'Live photo alarms', enforceSSL: true });
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
        'An alarm says what is wrong with the pipeline, nothing of any photo; CloudWatch can not use the AWS-managed key.',
    });
    return topic;
  }
}

function specify({
  function: fn,
  functionTimeout,
  deadLetterQueue,
}: UploaderAlarmsProps): Record<string, AlarmSpecification> {
  const of = (name: MetricName, statistic: string, period = fiveMinutes): IMetric =>
    functionMetric(fn, name, { statistic, period });
  return {
    DeadLetters: {
      description: 'Photos could not be processed and lie in the dead-letter queue.',
      runbookAnchor: 'dead-letters',
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: fiveMinutes }),
      threshold: 1,
    },
    OldEvents: {
      description: 'A photo is still under way an hour after it was uploaded to the bucket.',
      runbookAnchor: 'old-events',
      metric: of('EventAge', 'Maximum'),
      threshold: oldEventMs,
      // Measured at each delivery, and an hour may lie between one and the next.
      periodsToStay: 12,
    },
    AccountFault: {
      description: 'ComplyCube refuses the account: a bad key, payment due, or no permission. No photo gets through.',
      runbookAnchor: 'account-fault',
      metric: of('AccountFaults', 'Sum', Duration.minutes(1)),
      threshold: 1,
      // The photos that are held up come back after five minutes: an alarm that is over by then would go off again and again.
      periodsToStay: 10,
    },
    ManyRejections: {
      description: 'Half of the photos are rejected, far more than usual.',
      runbookAnchor: 'many-rejections',
      metric: new MathExpression({
        // A few rejections among a few photos mean nothing.
        expression: 'IF(uploaded + rejected >= 20, 100 * rejected / (uploaded + rejected), 0)',
        label: '% of photos rejected',
        period: Duration.minutes(15),
        usingMetrics: {
          uploaded: of('PhotosUploaded', 'Sum'),
          rejected: of('PhotosRejected', 'Sum'),
        },
      }),
      threshold: 50,
    },
    RateLimited: {
      description:
        'ComplyCube has answered 429 for a quarter of an hour: something else uses the account, or its limit is lower.',
      runbookAnchor: 'rate-limited',
      metric: of('RateLimited', 'Sum'),
      threshold: 5,
      periods: 3,
    },
    FunctionErrors: {
      description: 'The function failed as a whole: it did not start, ran out of memory or time, or has a bug.',
      runbookAnchor: 'function-errors',
      metric: fn.metricErrors({ statistic: 'Sum', period: fiveMinutes }),
      threshold: 1,
    },
    Throttles: {
      description: 'Lambda throttles the function: the account has no concurrency left.',
      runbookAnchor: 'throttles',
      metric: fn.metricThrottles({ statistic: 'Sum', period: fiveMinutes }),
      threshold: 1,
      periods: 2,
    },
    Timeouts: {
      description: 'The function ran into its timeout and was killed with photos under way.',
      runbookAnchor: 'timeouts',
      metric: fn.metricDuration({ statistic: 'Maximum', period: fiveMinutes }),
      threshold: functionTimeout.toMilliseconds(),
    },
  };
}
