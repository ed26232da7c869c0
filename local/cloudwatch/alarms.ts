import { checkNames, type DeployableTemplate, UnsupportedInTemplateError } from '../pipeline/template';
import type { MetricId } from './metric-store';
import type { MetricQuery, MetricStatistic } from './metric-query';

/** An alarm of the template. */
export interface Alarm {
  /** Dashboards refer to alarms by name. */
  readonly name: string;
  /** Ends with a link to the runbook. */
  readonly description: string;
  readonly query: MetricQuery;
  readonly periodMs: number;
  readonly evaluationPeriods: number;
  /** How many of the evaluation periods must be breaching. */
  readonly datapointsToAlarm: number;
  /** This value and greater ones are breaching. */
  readonly threshold: number;
}

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly ComparisonOperator: string;
  readonly DatapointsToAlarm: number;
  readonly EvaluationPeriods: number;
  readonly Threshold: number;
  readonly TreatMissingData: string;
  readonly Metrics?: readonly MetricDataQuery[];
  readonly MetricName?: string;
  readonly Namespace?: string;
  readonly Dimensions?: readonly Dimension[];
  readonly Statistic?: string;
  readonly Period?: number;
}

interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

interface MetricDataQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData: boolean;
  readonly MetricStat?: {
    readonly Metric: { readonly Namespace: string; readonly MetricName: string; readonly Dimensions: Dimension[] };
    readonly Period: number;
    readonly Stat: string;
  };
}

const common = [
  'AlarmDescription',
  'ComparisonOperator',
  'DatapointsToAlarm',
  'EvaluationPeriods',
  'Threshold',
  'TreatMissingData',
];

/**
 * Reads the alarms of a deployed template.
 * @throws UnsupportedInTemplateError for an unsupported property, operator or treatment of missing data.
 */
export function readAlarms(template: DeployableTemplate): Alarm[] {
  return template.idsOf('AWS::CloudWatch::Alarm').map((id) => {
    const properties = template.propertiesOf(id) as AlarmProperties;
    expectValue(id, 'ComparisonOperator', properties.ComparisonOperator, 'GreaterThanOrEqualToThreshold');
    expectValue(id, 'TreatMissingData', properties.TreatMissingData, 'notBreaching');
    return {
      name: template.nameOf(id),
      description: properties.AlarmDescription,
      evaluationPeriods: properties.EvaluationPeriods,
      datapointsToAlarm: properties.DatapointsToAlarm,
      threshold: properties.Threshold,
      ...(properties.Metrics === undefined ? readOwnMetric(id, properties) : readMath(id, properties)),
    };
  });
}

function readOwnMetric(id: string, properties: AlarmProperties): Pick<Alarm, 'query' | 'periodMs'> {
  checkNames(id, properties, [...common, 'MetricName', 'Namespace', 'Dimensions', 'Statistic', 'Period']);
  const { Namespace = '', MetricName = '', Dimensions = [], Statistic = '', Period = 0 } = properties;
  const metric = readMetric(Namespace, MetricName, Dimensions);
  return { query: { metric, statistic: Statistic }, periodMs: Period * 1000 };
}

function readMath(id: string, properties: AlarmProperties): Pick<Alarm, 'query' | 'periodMs'> {
  checkNames(id, properties, [...common, 'Metrics']);
  let expression: string | undefined;
  const periods = new Set<number>();
  const operands: Record<string, MetricStatistic> = {};
  for (const query of properties.Metrics ?? []) {
    checkNames(`${id}'s metric ${query.Id}`, query, ['Id', 'Label', 'Expression', 'MetricStat', 'ReturnData']);
    if (query.Expression !== undefined && query.ReturnData && expression === undefined) {
      expression = query.Expression;
    } else if (query.MetricStat !== undefined && !query.ReturnData) {
      checkNames(`${id}'s metric ${query.Id}`, query.MetricStat, ['Metric', 'Period', 'Stat']);
      const { Metric, Period, Stat } = query.MetricStat;
      operands[query.Id] = {
        metric: readMetric(Metric.Namespace, Metric.MetricName, Metric.Dimensions),
        statistic: Stat,
      };
      periods.add(Period);
    } else {
      throw new UnsupportedInTemplateError(`This form of ${id}'s metric ${query.Id} is not supported locally`);
    }
  }
  const [period, another] = periods;
  if (expression === undefined || period === undefined || another !== undefined) {
    throw new UnsupportedInTemplateError(
      `${id} must have one expression and one period: other alarms are not supported locally`,
    );
  }
  return { query: { expression, operands }, periodMs: period * 1000 };
}

function readMetric(namespace: string, name: string, dimensions: readonly Dimension[]): MetricId {
  return { namespace, name, dimensions: Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value])) };
}

function expectValue(id: string, name: string, value: string, supported: string): void {
  if (value === supported) return;
  throw new UnsupportedInTemplateError(`${name} ${value} of ${id} is not supported locally, only ${supported}`);
}
