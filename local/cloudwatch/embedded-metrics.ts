import { isRecord } from 'complycube-stand-in/json-body';
import { readLogLine } from '../pipeline/log-line';
import type { PublishedMetric } from './metric-store';

/** A metric value that a log line publishes. */
export interface EmbeddedValue {
  readonly metric: PublishedMetric;
  /** In milliseconds since 1970. */
  readonly atMs: number;
  readonly value: number;
}

const maxMetrics = 100;
const maxDimensions = 30;
const maxValues = 100;

/**
 * Reads the metrics that a log line publishes in CloudWatch's embedded metric format (CloudWatch user guide, "Specification:
 * Embedded metric format").
 * @returns each value once for each set of dimensions; an empty list for other lines.
 * @throws if the line violates the specification: CloudWatch would ignore it silently.
 */
export function readEmbeddedMetrics(line: string): EmbeddedValue[] {
  const root = readLogLine(line);
  if (root?.['_aws'] === undefined) return [];
  const metadata = record(root['_aws'], '_aws');
  const atMs = numberOf(metadata['Timestamp'], '_aws.Timestamp');
  return list(metadata['CloudWatchMetrics'], 'CloudWatchMetrics').flatMap((directive) =>
    readDirective(record(directive, 'a metric directive'), root).map((published) => ({ ...published, atMs })),
  );
}

type Members = Readonly<Record<string, unknown>>;

function readDirective(directive: Members, root: Members): Omit<EmbeddedValue, 'atMs'>[] {
  const namespace = text(directive['Namespace'], 'Namespace');
  const definitions = list(directive['Metrics'], 'Metrics');
  if (definitions.length > maxMetrics) throw new Error(`A metric directive has more than ${maxMetrics} metrics`);
  return list(directive['Dimensions'], 'Dimensions').flatMap((names) => {
    const dimensions = readDimensions(list(names, 'a dimension set'), root);
    return definitions.flatMap((definition) => {
      const { Name, Unit } = record(definition, 'a metric definition');
      const metric = { namespace, name: text(Name, 'Name'), unit: text(Unit, 'Unit'), dimensions };
      return valuesOf(root, metric.name).map((value) => ({ metric, value }));
    });
  });
}

function readDimensions(names: readonly unknown[], root: Members): Record<string, string> {
  if (names.length > maxDimensions) throw new Error(`A dimension set has more than ${maxDimensions} dimensions`);
  return Object.fromEntries(
    names.map((name) => {
      const key = text(name, 'a dimension');
      return [key, text(root[key], `the dimension ${key}`)];
    }),
  );
}

function valuesOf(root: Members, name: string): number[] {
  const target = root[name];
  const values = Array.isArray(target) ? (target as unknown[]) : [target];
  if (values.length === 0 || values.length > maxValues) throw new Error(`${name} must have 1 to ${maxValues} values`);
  return values.map((value) => numberOf(value, name));
}

function record(value: unknown, what: string): Members {
  if (!isRecord(value)) throw new Error(`The log line's ${what} must be an object`);
  return value;
}

function list(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw new Error(`The log line's ${what} must be an array`);
  return value as unknown[];
}

function text(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') throw new Error(`The log line's ${what} must be a non-empty string`);
  return value;
}

function numberOf(value: unknown, what: string): number {
  if (typeof value !== 'number') throw new Error(`The log line's ${what} must be a number`);
  return value;
}
