import { metricNamespace } from '../../contract/metrics';
import { readEmbeddedMetrics } from '../../local/cloudwatch/embedded-metrics';
import { readLogLine } from '../../local/pipeline/log-line';
import { CheckError } from '../steps';

/** CloudWatch Logs cuts larger log events into pieces ("CloudWatch Logs quotas"), which are no JSON. */
const maxLineBytes = 262_144;
/** Levels of Lambda's JSON log format. */
const levels: readonly unknown[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
/** CloudWatch ignores metrics that are older, or further in the future ("Embedded metric format specification"). */
const [maxAgeMs, maxAheadMs] = [14 * 86_400_000, 2 * 3_600_000];

/**
 * Checks that each line is valid in Lambda's JSON log format and in CloudWatch's embedded metric format.
 * @returns how many lines and metric values there are.
 * @throws CheckError for a line that Lambda or CloudWatch would not take as it is.
 */
export function expectCloudWatchLines(lines: readonly string[]): string {
  let values = 0;
  for (const line of lines) {
    const fault = findFault(line);
    if (fault !== undefined) throw new CheckError(`${fault}\n${line.slice(0, 200)}`);
    for (const { metric, atMs } of readEmbeddedMetrics(line)) {
      const ageMs = Date.now() - atMs;
      if (ageMs > maxAgeMs || ageMs < -maxAheadMs) throw new CheckError(`${metric.name} has the time ${atMs}`);
      if (metric.namespace !== metricNamespace) throw new CheckError(`${metric.name} is in ${metric.namespace}`);
      values++;
    }
  }
  if (values === 0) throw new CheckError('no line publishes a metric');
  return `${lines.length} JSON lines, ${values} metric values`;
}

function findFault(line: string): string | undefined {
  const fields = readLogLine(line);
  if (fields === undefined) return 'a line is no JSON object';
  if (Buffer.byteLength(line) > maxLineBytes) return 'a line is too long';
  if (!levels.includes(fields['level'])) return 'a line has no level';
  return Number.isNaN(Date.parse(String(fields['timestamp']))) ? 'a line has no timestamp' : undefined;
}
