import type { Alarm } from './alarms';
import { valueOf } from './metric-query';
import type { MetricStore } from './metric-store';

/** The state of an alarm that treats missing data as not breaching: it is never INSUFFICIENT_DATA. */
export type AlarmState = 'OK' | 'ALARM';

/** CloudWatch looks at more periods than it evaluates. AWS documents no number; the user guide's examples have two. */
const extraPeriods = 2;
const minuteMs = 60_000;

/**
 * The state of an alarm at a time. CloudWatch evaluates alarms each minute, including the current period.
 * @param nowMs in milliseconds since 1970.
 */
export function stateOf(alarm: Alarm, store: MetricStore, nowMs: number): AlarmState {
  const endMs = Math.floor(nowMs / minuteMs + 1) * minuteMs;
  const range = alarm.evaluationPeriods + extraPeriods;
  const points = Array.from({ length: range }, (_, at) => {
    const toMs = endMs - (range - 1 - at) * alarm.periodMs;
    return valueOf(alarm.query, store, toMs - alarm.periodMs, toMs);
  });
  return evaluate(points, alarm);
}

/**
 * Evaluates an alarm that treats missing data as not breaching. It uses the newest existing data points of the evaluation
 * range, as many as there are evaluation periods. Missing ones count as not breaching (CloudWatch user guide, "Configuring how
 * CloudWatch alarms treat missing data").
 * @param points the data points of the evaluation range, newest last; undefined: no data.
 */
export function evaluate(
  points: readonly (number | undefined)[],
  {
    evaluationPeriods,
    datapointsToAlarm,
    threshold,
  }: Pick<Alarm, 'evaluationPeriods' | 'datapointsToAlarm' | 'threshold'>,
): AlarmState {
  const existing = points.filter((point) => point !== undefined).slice(-evaluationPeriods);
  return existing.filter((point) => point >= threshold).length >= datapointsToAlarm ? 'ALARM' : 'OK';
}
