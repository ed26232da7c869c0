import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readAlarms } from '../../../local/cloudwatch/alarms';
import { readDashboard } from '../../../local/cloudwatch/dashboard';
import { DeployableTemplate, type TemplateResource } from '../../../local/pipeline/template';
import { synthesizeForRuns } from './watched-run';

describe('what CloudWatch is told by the template', () => {
  let resources: Readonly<Record<string, TemplateResource>>;
  let remove: () => void;

  beforeAll(() => {
    const synthesized = synthesizeForRuns();
    ({ remove } = synthesized);
    resources = synthesized.stack.template.Resources;
  });
  afterAll(() => {
    remove();
  });

  /** The template with everything standing, and with changes to the properties of a type's resources. */
  const templateWith = (type = '', change: (properties: Record<string, unknown>) => object = () => ({})) => {
    const changed = Object.entries(resources).map(([id, resource]): [string, TemplateResource] => {
      const { Type, Properties = {} } = resource;
      return [id, Type === type ? { ...resource, Properties: { ...Properties, ...change(Properties) } } : resource];
    });
    const template = new DeployableTemplate({ Resources: Object.fromEntries(changed) });
    for (const id of Object.keys(resources)) template.stand(id, { ref: id, arn: `arn:${id}`, queueName: id });
    return template;
  };
  /** The dashboard with one text of its body replaced. */
  const dashboardWith = (text: string, replacement: string) =>
    templateWith('AWS::CloudWatch::Dashboard', ({ DashboardBody }) => {
      const body = JSON.stringify(DashboardBody);
      const [escaped, escapedReplacement] = [text, replacement].map((part) => JSON.stringify(part).slice(1, -1));
      expect(body).toContain(escaped);
      return { DashboardBody: JSON.parse(body.replace(escaped ?? '', escapedReplacement ?? '')) as unknown };
    });

  it('is read whole', () => {
    const template = templateWith();
    expect(readAlarms(template)).toHaveLength(8);
    expect(readDashboard(template).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['text', 'numbers', 'alarms', 'graph']),
    );
  });

  it.each([
    ['ThresholdMetricId', { ThresholdMetricId: 'band' }],
    ['ExtendedStatistic', { ExtendedStatistic: 'p99' }],
    ['TreatMissingData', { TreatMissingData: 'breaching' }],
    ['ComparisonOperator', { ComparisonOperator: 'LessThanThreshold' }],
  ])('is refused when an alarm has %s that is not known here', (name, properties) => {
    expect(() => readAlarms(templateWith('AWS::CloudWatch::Alarm', () => properties))).toThrow(name);
  });

  it.each<[string, string, string]>([
    ['a view', '"view":"timeSeries"', '"view":"pie"'],
    ['a widget', '"type":"text"', '"type":"log"'],
    ['a property of a widget', '"stacked":false', '"sparkline":false'],
    ['an option of a metric', '"stat":"p95"', '"stat":"p95","period":60'],
    ['a second axis', '"yAxis":{"left"', '"yAxis":{"right":{"min":0},"left"'],
    ['an abbreviation', '["ComplyCubeLivePhotos","PhotosRejected"', '[".","PhotosRejected"'],
  ])('is refused when the dashboard has %s that is not known here', (_, text, replacement) => {
    expect(() => readDashboard(dashboardWith(text, replacement))).toThrow('The local CloudWatch does not know');
  });
});
