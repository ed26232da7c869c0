import { checkNames, type DeployableTemplate, UnsupportedInTemplateError } from '../pipeline/template';
import type { MetricQuery, MetricStatistic } from './metric-query';

/** Position and size of a widget, in cells of the dashboard's grid, which has 24 columns. */
export interface WidgetPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line of a graph, or a number. */
export interface WidgetMetric {
  readonly label: string;
  /** Such as `#2ca02c`; undefined: CloudWatch chooses. */
  readonly color: string | undefined;
  readonly query: MetricQuery;
}

/** A widget of a dashboard. */
export type Widget = { readonly place: WidgetPlace } & (
  | { readonly kind: 'text'; readonly markdown: string }
  /** `alarms` contains names. */
  | { readonly kind: 'alarms'; readonly title: string; readonly alarms: readonly string[] }
  | MetricWidget
);

/** A widget that shows metrics. */
export interface MetricWidget {
  readonly kind: 'graph' | 'numbers';
  readonly title: string;
  readonly metrics: readonly WidgetMetric[];
  readonly isStacked: boolean;
  /** The label of the y-axis, if any. */
  readonly axisLabel: string | undefined;
  /** Whether the numbers are for the whole time range of the dashboard. */
  readonly isOfWholeTime: boolean;
}

/** The default period of widgets: 5 minutes. */
export const dashboardPeriodMs = 300_000;

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads the dashboard of a deployed template (CloudWatch API reference, "Dashboard body structure and syntax").
 * @throws UnsupportedInTemplateError for unsupported content, so that no widget is omitted or drawn wrong.
 */
export function readDashboard(template: DeployableTemplate): Widget[] {
  const [id, another] = template.idsOf('AWS::CloudWatch::Dashboard');
  if (id === undefined || another !== undefined)
    throw new UnsupportedInTemplateError('The template must have exactly one dashboard');
  const { DashboardBody } = template.propertiesOf(id) as { readonly DashboardBody: string };
  const body = JSON.parse(DashboardBody) as { readonly widgets: readonly Members[] };
  checkNames('the dashboard', body, ['start', 'widgets']);
  return body.widgets.map((widget) => {
    checkNames('a widget', widget, ['type', 'x', 'y', 'width', 'height', 'properties']);
    const { type, properties, ...place } = widget;
    return { place: place as unknown as WidgetPlace, ...readWidget(String(type), properties as Members) };
  });
}

type WidgetContent = Widget extends infer Each ? (Each extends Widget ? Omit<Each, 'place'> : never) : never;

function readWidget(type: string, properties: Members): WidgetContent {
  switch (type) {
    case 'text':
      checkNames('a text widget', properties, ['markdown', 'background']);
      return { kind: 'text', markdown: String(properties['markdown']) };
    case 'alarm':
      checkNames('an alarm widget', properties, ['title', 'alarms']);
      return { kind: 'alarms', title: String(properties['title']), alarms: properties['alarms'] as string[] };
    case 'metric':
      return readMetricWidget(properties);
    default:
      throw new UnsupportedInTemplateError(`The widget type ${type} is not supported locally`);
  }
}

const kindByView: Readonly<Record<string, MetricWidget['kind']>> = { timeSeries: 'graph', singleValue: 'numbers' };

function readMetricWidget(properties: Members): MetricWidget {
  const title = String(properties['title']);
  checkNames(`the widget '${title}'`, properties, [
    ...['title', 'view', 'region', 'stacked', 'metrics', 'yAxis', 'setPeriodToTimeRange'],
  ]);
  const kind = kindByView[String(properties['view'])];
  if (kind === undefined) throw new UnsupportedInTemplateError(`The view of '${title}' is not supported locally`);
  const { yAxis = {}, stacked = false, setPeriodToTimeRange = false } = properties;
  checkNames(`the axes of '${title}'`, yAxis as Members, ['left']);
  const { left = {} } = yAxis as { readonly left?: Members };
  checkNames(`the axis of '${title}'`, left, ['min', 'label', 'showUnits']);
  return {
    kind,
    title,
    metrics: readMetrics(title, properties['metrics'] as unknown[][]),
    isStacked: stacked === true,
    axisLabel: left['label'] as string | undefined,
    isOfWholeTime: setPeriodToTimeRange === true,
  };
}

interface MetricRow {
  readonly id: string | undefined;
  readonly isVisible: boolean;
  readonly label: string;
  readonly color: string | undefined;
  readonly of: MetricStatistic | { readonly expression: string };
}

function readMetrics(title: string, rows: readonly unknown[][]): WidgetMetric[] {
  const read = rows.map((row) => readRow(title, row));
  const operands: Record<string, MetricStatistic> = {};
  for (const { id, of } of read) if (id !== undefined && 'metric' in of) operands[id] = of;
  return read
    .filter(({ isVisible }) => isVisible)
    .map(({ label, color, of }) => ({
      label,
      color,
      query: 'metric' in of ? of : { ...of, operands },
    }));
}

/** A row is `[namespace, name, dimension, its value, …, options]`, or only options with an expression. */
function readRow(title: string, row: readonly unknown[]): MetricRow {
  const last = row.at(-1);
  const options = (typeof last === 'object' ? last : {}) as Members;
  checkNames(`a metric of '${title}'`, options, ['id', 'visible', 'label', 'color', 'stat', 'expression']);
  const [namespace, name, ...pairs] = row.filter((item) => typeof item === 'string');
  const {
    id,
    label,
    color,
    stat = 'Average', // CloudWatch's default
    expression,
    visible = true,
  } = options as Readonly<Record<string, string | undefined>>;
  const common = { id, color, isVisible: String(visible) === 'true' };
  if (expression !== undefined) return { ...common, label: label ?? expression, of: { expression } };
  if (namespace === undefined || name === undefined || row.includes('.')) {
    throw new UnsupportedInTemplateError(`The form of a metric of '${title}' is not supported locally`);
  }
  const dimensions: Record<string, string> = {};
  for (let at = 0; at < pairs.length; at += 2) dimensions[pairs[at] ?? ''] = pairs[at + 1] ?? '';
  return { ...common, label: label ?? name, of: { metric: { namespace, name, dimensions }, statistic: stat } };
}
