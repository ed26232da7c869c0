import { describe, expect, it } from '@jest/globals';
import type { Alarm } from '../../../local/cloudwatch/alarms';
import type { Widget } from '../../../local/cloudwatch/dashboard';
import { MetricStore } from '../../../local/cloudwatch/metric-store';
import { drawPage } from '../../../local/dashboard/draw-page';

const metric = { namespace: 'N', name: 'M', dimensions: {} };
const place = { x: 0, y: 0, width: 8, height: 6 };
const query = { metric, statistic: 'Sum' };
const span = { fromMs: 0, toMs: 3_600_000 };
const graph: Widget = {
  place,
  kind: 'graph',
  title: 'Calls <by> answer',
  metrics: [{ label: 'a & b', color: '#123456', query }],
  isStacked: false,
  axisLabel: 'Count',
  isOfWholeTime: false,
};
const alarm: Alarm = {
  name: 'uploader-alarms-dead-letters',
  description: 'What is wrong.',
  query,
  periodMs: 300_000,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  threshold: 5,
};

function draw(widgets: readonly Widget[], values: readonly (readonly [atMinute: number, value: number])[]): string {
  const store = new MetricStore();
  for (const [minute, value] of values) store.put({ ...metric, unit: 'Count' }, minute * 60_000, value);
  return drawPage(widgets, { store, alarms: [alarm], span });
}

describe('the page', () => {
  it('has no external resources and no script', () => {
    const page = draw([graph], [[1, 2]]);
    expect(page).not.toMatch(/https?:|url\(|@import|<script|<link|<img/);
  });

  it('draws a line through neighbouring points, a gap for missing data, and a dot for a single point', () => {
    const page = draw(
      [graph],
      [
        [1, 1],
        [6, 4],
        [21, 2],
      ],
    );
    const [, path = ''] = /<path d="([^"]*)"/.exec(page) ?? [];
    expect(path.match(/[ML]/g)).toEqual(['M', 'L', 'M']);
    expect(page.match(/<circle[^>]*r="2.5"/g)).toHaveLength(1);
    expect(page).toContain('<title>a &amp; b: 4</title>');
  });

  it('escapes titles and labels', () => {
    const page = draw([graph], []);
    expect(page).toContain('<h3>Calls &lt;by&gt; answer</h3>');
    expect(page).toContain('a &amp; b</li>');
  });

  it('shows numbers of the whole time range, or the newest', () => {
    const numbers = (isOfWholeTime: boolean): Widget => ({ ...graph, kind: 'numbers', isOfWholeTime });
    const values = [
      [1, 3],
      [50, 4],
    ] as const;
    expect(draw([numbers(true)], values)).toContain('<b>7</b>');
    expect(draw([numbers(false)], values)).toContain('<b>4</b>');
    expect(draw([numbers(true)], [])).toContain('<b>–</b>');
  });

  it('shows each alarm’s current state and its history', () => {
    const alarms: Widget = { place, kind: 'alarms', title: 'Alarms', alarms: [alarm.name] };
    expect(draw([alarms], [[58, 5]])).toMatch(/class="alarm".*dead-letters.*<rect.*ALARM/);
    expect(draw([alarms], [[10, 5]])).toMatch(/class="ok".*dead-letters.*<rect.*OK/);
    expect(draw([alarms], [[10, 4]])).not.toContain('<rect');
  });

  it('refuses an alarm that does not exist', () => {
    const alarms: Widget = { place, kind: 'alarms', title: 'Alarms', alarms: ['another'] };
    expect(() => draw([alarms], [])).toThrow('the alarm another');
  });
});
