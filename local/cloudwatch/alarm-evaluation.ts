import type { Alarm } from './alarms';
import { valueOf } from './metric-query';
import type { MetricStore } from './metric-store';

/** An alarm's state; INSUFFICIENT_DATA is none of an alarm that takes missing data for good. */
export type AlarmState = 'OK' | 'ALARM';

/** Two periods more than the alarm evaluates, as in the user guide's examples; how many it really is, AWS keeps open. */
const extraPeriods = 2;
const minuteMs = 60_000;

/** The state that an alarm has at a time, in milliseconds since 1970: it is evaluated each minute, of which the last has begun. */
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
 * Evaluates an alarm that takes missing data for good: the newest data points that there are, as many as there are evaluation
 * periods, also from farther back; only where these are too few, good ones stand in for the missing (CloudWatch user guide,
 * "Configuring how CloudWatch alarms treat missing data").
 * @param points of the evaluation range, the newest last; undefined where there is no data.
 */
export function evaluate(
  points: readonly (number | undefined)[],
  {
    evaluationPeriods,
    datapointsToAlarm,
    threshold,
  }: Pick<Alarm, 'evaluationPeriods' | 'datapointsToAlarm' | 'threshold'>,
): AlarmState {
  const real = points.filter((point) => point !== undefined).slice(-evaluationPeriods);
  return real.filter((point) => point >= threshold).length >= datapointsToAlarm ? 'ALARM' : 'OK';
}
