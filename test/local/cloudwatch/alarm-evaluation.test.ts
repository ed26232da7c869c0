import { describe, expect, it } from '@jest/globals';
import { evaluate, stateOf } from '../../../local/cloudwatch/alarm-evaluation';
import type { Alarm } from '../../../local/cloudwatch/alarms';
import { MetricStore } from '../../../local/cloudwatch/metric-store';

const pointOf: Readonly<Record<string, number | undefined>> = { X: 5, '0': 0, '-': undefined };
const points = (text: string) => text.split(' ').map((point) => pointOf[point]);

describe('an alarm that treats missing data as not breaching', () => {
  // The examples of the CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data".
  it.each<[string, number, string]>([
    ['0 - X - X', 3, 'OK'],
    ['0 - - - -', 3, 'OK'],
    ['- - - - -', 3, 'OK'],
    ['0 X X - X', 3, 'ALARM'],
    ['- - - - X', 3, 'OK'],
    ['0 - X - X', 2, 'ALARM'],
    ['0 0 X 0 X', 2, 'ALARM'],
    ['0 - X - -', 2, 'OK'],
    ['- - - - 0', 2, 'OK'],
    ['- - - - X', 2, 'OK'],
  ])('evaluates the points %s, of which %d of 3 must be breaching, to %s', (text, datapointsToAlarm, state) => {
    expect(evaluate(points(text), { evaluationPeriods: 3, datapointsToAlarm, threshold: 5 })).toBe(state);
  });

  const metric = { namespace: 'N', name: 'M', dimensions: { FunctionName: 'f' } };
  const alarm: Alarm = {
    name: 'a',
    description: '',
    query: { metric, statistic: 'Sum' },
    periodMs: 300_000,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
    threshold: 10,
  };
  const storeWith = (...samples: [atMinute: number, value: number][]): MetricStore => {
    const store = new MetricStore();
    for (const [minute, value] of samples) store.put({ ...metric, unit: 'Count' }, minute * 60_000, value);
    return store;
  };

  it('fires in the minute in which its last period reaches the threshold', () => {
    const store = storeWith([20, 4], [20.5, 6], [25, 10]);
    expect(stateOf(alarm, store, 24.9 * 60_000)).toBe('OK');
    expect(stateOf(alarm, store, 25.1 * 60_000)).toBe('ALARM');
  });

  it('does not fire if a period between two breaching ones is not breaching', () => {
    expect(stateOf(alarm, storeWith([15, 10], [20, 9], [25, 10]), 25 * 60_000)).toBe('OK');
  });

  it('returns to OK when its data is too old', () => {
    const store = storeWith([20, 10], [25, 10]);
    expect(stateOf(alarm, store, 60 * 60_000)).toBe('OK');
  });

  it('ignores metrics with other dimensions', () => {
    const store = new MetricStore();
    const other = { ...metric, dimensions: { FunctionName: 'g' }, unit: 'Count' };
    for (const minute of [20, 25]) store.put(other, minute * 60_000, 10);
    expect(stateOf(alarm, store, 25 * 60_000)).toBe('OK');
  });
});
