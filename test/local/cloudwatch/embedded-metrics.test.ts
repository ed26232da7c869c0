import { describe, expect, it } from '@jest/globals';
import { readEmbeddedMetrics } from '../../../local/cloudwatch/embedded-metrics';
import { MetricStore } from '../../../local/cloudwatch/metric-store';
import { embedMetrics } from '../../../lambda/observe/embed-metrics';

describe('a log line with embedded metrics', () => {
  const line = (changes: object = {}): string =>
    JSON.stringify({
      _aws: {
        Timestamp: 1_700_000_000_000,
        CloudWatchMetrics: [
          { Namespace: 'N', Dimensions: [['F'], ['F', 'R']], Metrics: [{ Name: 'Calls', Unit: 'Count' }] },
        ],
      },
      F: 'function',
      R: 'reason',
      Calls: 2,
      ...changes,
    });

  it('publishes each value once for each set of dimensions', () => {
    expect(readEmbeddedMetrics(line({ Calls: [2, 3] }))).toEqual(
      [{ F: 'function' }, { F: 'function', R: 'reason' }].flatMap((dimensions) =>
        [2, 3].map((value) => ({
          metric: { namespace: 'N', name: 'Calls', unit: 'Count', dimensions },
          atMs: 1_700_000_000_000,
          value,
        })),
      ),
    );
  });

  it('matches what the function writes', () => {
    const values = { PhotosRejected: 1, ApiLatency: [10, 20] };
    const written = embedMetrics(values, { functionName: 'upload', reason: 'too-small', nowMs: 5 });
    const read = readEmbeddedMetrics(JSON.stringify({ message: 'photo object rejected', ...written }));
    expect(read.map(({ metric: { name, dimensions }, value }) => [name, value, dimensions])).toEqual([
      ['PhotosRejected', 1, { FunctionName: 'upload' }],
      ['ApiLatency', 10, { FunctionName: 'upload' }],
      ['ApiLatency', 20, { FunctionName: 'upload' }],
      ['PhotosRejected', 1, { FunctionName: 'upload', Reason: 'too-small' }],
    ]);
  });

  it.each(['START RequestId', '{"message":"nothing to publish"}', '[1]', 'null'])(
    'publishes nothing if it is %s',
    (other) => {
      expect(readEmbeddedMetrics(other)).toEqual([]);
    },
  );

  it.each<[string, object, string]>([
    ['lacks a value', { Calls: undefined }, 'Calls must be a number'],
    ['has a string as a value', { Calls: '2' }, 'Calls must be a number'],
    ['has an empty array', { Calls: [] }, '1 to 100 values'],
    ['has more than 100 values', { Calls: Array.from({ length: 101 }, () => 1) }, '1 to 100 values'],
    ['lacks a dimension', { F: undefined }, 'the dimension F must be a non-empty string'],
    ['has a number as a dimension', { R: 5 }, 'the dimension R must be a non-empty string'],
    ['lacks a timestamp', { _aws: { CloudWatchMetrics: [] } }, 'Timestamp must be a number'],
    ['lacks directives', { _aws: { Timestamp: 1 } }, 'CloudWatchMetrics must be an array'],
  ])('is refused if it %s, because CloudWatch would ignore it', (_, changes, message) => {
    expect(() => readEmbeddedMetrics(line(changes))).toThrow(message);
  });
});

describe('the metric store', () => {
  it('refuses a second unit of a metric', () => {
    const store = new MetricStore();
    const metric = { namespace: 'N', name: 'M', dimensions: {}, unit: 'Count' };
    store.put(metric, 0, 1);
    expect(() => store.put({ ...metric, unit: 'Bytes' }, 0, 1)).toThrow('M is published in Count and in Bytes');
  });

  it('returns the values of a range with an exclusive end', () => {
    const store = new MetricStore();
    const metric = { namespace: 'N', name: 'M', dimensions: { B: '2', A: '1' }, unit: 'Count' };
    for (const atMs of [9, 10, 19, 20]) store.put(metric, atMs, atMs);
    expect(store.valuesOf({ ...metric, dimensions: { A: '1', B: '2' } }, 10, 20)).toEqual([10, 19]);
  });
});
