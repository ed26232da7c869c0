import { beforeAll, describe, expect, it } from '@jest/globals';
import { readAlarms } from '../../../local/cloudwatch/alarms';
import { type MetricWidget, readDashboard, type Widget } from '../../../local/cloudwatch/dashboard';
import { statisticsOf } from '../../../local/cloudwatch/metric-query';
import type { WatchedPipeline } from '../../../local/cloudwatch/watched-pipeline';
import { runScenes } from '../../../local/dashboard/dashboard-run';
import { metricNamespace, metrics } from '../../../contract/metrics';
import { synthesizeForRuns } from './watched-run';

describe('after a run with all kinds of failures', () => {
  let watched: WatchedPipeline;
  const stack = synthesizeForRuns();

  beforeAll(async () => {
    const { signal } = new AbortController();
    ({ watched } = await runScenes({ stack, onProgress: () => undefined, signal }));
  });

  /** Nobody erases photos in this run. The test of the alarm for erasures publishes their metrics. */
  const isOfErasures = ({ metric }: { readonly metric: { readonly name: string } }): boolean =>
    Object.keys(metrics).includes(metric.name) && /^Eras|^PhotosErased$/.test(metric.name);
  const widgets = (): Widget[] => readDashboard(watched.pipeline.deployment.template);
  const metricWidgets = (): MetricWidget[] => widgets().filter((widget) => 'metrics' in widget);

  it('no log line published metrics that CloudWatch would ignore', () => {
    expect(watched.faults).toEqual([]);
  });

  it('every metric of every widget was published with the same name and dimensions', () => {
    const missing = metricWidgets().flatMap(({ title, metrics: shown }) =>
      shown
        .flatMap(({ query }) => statisticsOf(query))
        .filter((statistic) => !isOfErasures(statistic))
        .filter(({ metric }) => watched.metrics.find(metric) === undefined)
        .map(({ metric }) => `${title}: ${JSON.stringify(metric)}`),
    );
    expect(missing).toEqual([]);
    expect(metricWidgets()).toHaveLength(18);
  });

  it('every metric of every alarm was published', () => {
    const alarms = readAlarms(watched.pipeline.deployment.template);
    const missing = alarms
      .flatMap(({ query }) => statisticsOf(query))
      .filter((statistic) => !isOfErasures(statistic))
      .filter(({ metric }) => watched.metrics.find(metric) === undefined);
    expect(missing).toEqual([]);
    expect(alarms).toHaveLength(12);
  });

  it('the label of every axis is the unit of all its metrics', () => {
    for (const { title, axisLabel, metrics: shown } of metricWidgets().filter(({ kind }) => kind === 'graph')) {
      // Expressions have no unit.
      const plain = shown.flatMap(({ query }) => ('metric' in query ? [query.metric] : []));
      const units = plain.map((metric) =>
        isOfErasures({ metric })
          ? metrics[metric.name as keyof typeof metrics].unit
          : watched.metrics.find(metric)?.unit,
      );
      expect([title, ...new Set(units)]).toEqual([title, ...(axisLabel === undefined ? [] : [axisLabel])]);
    }
  });

  it('the dashboard shows every metric that the function publishes', () => {
    const shown = new Set(
      metricWidgets()
        .flatMap(({ metrics: all }) => all.flatMap(({ query }) => statisticsOf(query)))
        .filter(({ metric }) => metric.namespace === metricNamespace)
        .map(({ metric }) => metric.name),
    );
    expect(Object.keys(metrics).filter((name) => !shown.has(name))).toEqual([]);
  });

  it('the dashboard has six questions in order, and shows every alarm', () => {
    const texts = widgets().flatMap((widget) => (widget.kind === 'text' ? [widget.markdown] : []));
    expect(texts).toEqual([
      '# Is it working?',
      '# Is it keeping up?',
      '# Why are photos rejected?',
      '# Is ComplyCube well?',
      '# Are photos erased?',
      '# What does it cost?',
    ]);
    const [alarmWidget] = widgets().flatMap((widget) => (widget.kind === 'alarms' ? [widget] : []));
    const alarms = readAlarms(watched.pipeline.deployment.template);
    expect(alarmWidget?.alarms).toEqual(alarms.map(({ name }) => name));
  });
});
