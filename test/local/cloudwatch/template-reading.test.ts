import { describe, expect, it } from '@jest/globals';
import { readAlarms } from '../../../local/cloudwatch/alarms';
import { readDashboard } from '../../../local/cloudwatch/dashboard';
import { DeployableTemplate, type TemplateResource } from '../../../local/pipeline/template';
import { synthesizeForRuns } from './watched-run';

describe('reading alarms and dashboard from the template', () => {
  const resources = synthesizeForRuns().template.Resources;

  /** The template with all resources deployed, and with changed properties of the resources of a type. */
  const templateWith = (type = '', change: (properties: Record<string, unknown>) => object = () => ({})) => {
    const changed = Object.entries(resources).map(([id, resource]): [string, TemplateResource] => {
      const { Type, Properties = {} } = resource;
      return [id, Type === type ? { ...resource, Properties: { ...Properties, ...change(Properties) } } : resource];
    });
    const template = new DeployableTemplate({ Resources: Object.fromEntries(changed) });
    for (const id of Object.keys(resources)) template.register(id, { ref: id, arn: `arn:${id}`, queueName: id });
    return template;
  };
  /** The template with a text replaced in the dashboard's body. */
  const dashboardWith = (text: string, replacement: string) =>
    templateWith('AWS::CloudWatch::Dashboard', ({ DashboardBody }) => {
      const body = JSON.stringify(DashboardBody);
      const [escaped, escapedReplacement] = [text, replacement].map((part) => JSON.stringify(part).slice(1, -1));
      expect(body).toContain(escaped);
      return { DashboardBody: JSON.parse(body.replace(escaped ?? '', escapedReplacement ?? '')) as unknown };
    });

  it('reads all alarms and widgets', () => {
    const template = templateWith();
    expect(readAlarms(template)).toHaveLength(12);
    expect(readDashboard(template).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['text', 'numbers', 'alarms', 'graph']),
    );
  });

  it.each([
    ['ThresholdMetricId', { ThresholdMetricId: 'band' }],
    ['ExtendedStatistic', { ExtendedStatistic: 'p99' }],
    ['TreatMissingData', { TreatMissingData: 'breaching' }],
    ['ComparisonOperator', { ComparisonOperator: 'LessThanThreshold' }],
  ])('refuses an alarm with an unsupported %s', (name, properties) => {
    expect(() => readAlarms(templateWith('AWS::CloudWatch::Alarm', () => properties))).toThrow(name);
  });

  it.each<[string, string, string]>([
    ['view', '"view":"timeSeries"', '"view":"pie"'],
    ['widget', '"type":"text"', '"type":"log"'],
    ['property of a widget', '"stacked":false', '"sparkline":false'],
    ['option of a metric', '"stat":"p95"', '"stat":"p95","period":60'],
    ['second axis', '"yAxis":{"left"', '"yAxis":{"right":{"min":0},"left"'],
    ['abbreviation', '["ComplyCubeLivePhotos","PhotosRejected"', '[".","PhotosRejected"'],
  ])('refuses a dashboard with an unsupported %s', (_, text, replacement) => {
    expect(() => readDashboard(dashboardWith(text, replacement))).toThrow('not supported locally');
  });
});
