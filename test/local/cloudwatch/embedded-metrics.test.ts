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

  it('publishes its values once for each set of dimensions', () => {
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

  it('is what the function writes', () => {
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

  it.each(['START RequestId', '{"message":"nothing to publish"}', '[1]', 'null'])('is not %s', (other) => {
    expect(readEmbeddedMetrics(other)).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['lacks a value', { Calls: undefined }, 'Calls is no number'],
    ['has a text for a value', { Calls: '2' }, 'Calls is no number'],
    ['has no value in its array', { Calls: [] }, '1 to 100 values'],
    ['has more values than 100', { Calls: Array.from({ length: 101 }, () => 1) }, '1 to 100 values'],
    ['lacks a dimension', { F: undefined }, 'the dimension F is no text'],
    ['has a number for a dimension', { R: 5 }, 'the dimension R is no text'],
    ['lacks its time', { _aws: { CloudWatchMetrics: [] } }, 'Timestamp is no number'],
    ['lacks its directives', { _aws: { Timestamp: 1 } }, 'CloudWatchMetrics is no array'],
  ])('is refused when it %s: CloudWatch would drop it', (_, changes, message) => {
    expect(() => readEmbeddedMetrics(line(changes))).toThrow(message);
  });
});

describe('the store of metrics', () => {
  it('refuses a metric in a second unit', () => {
    const store = new MetricStore();
    const metric = { namespace: 'N', name: 'M', dimensions: {}, unit: 'Count' };
    store.put(metric, 0, 1);
    expect(() => {
      store.put({ ...metric, unit: 'Bytes' }, 0, 1);
    }).toThrow('M is published in Count and in Bytes');
  });

  it('gives the values of a time from its first moment to before its last', () => {
    const store = new MetricStore();
    const metric = { namespace: 'N', name: 'M', dimensions: { B: '2', A: '1' }, unit: 'Count' };
    for (const atMs of [9, 10, 19, 20]) store.put(metric, atMs, atMs);
    expect(store.valuesOf({ ...metric, dimensions: { A: '1', B: '2' } }, 10, 20)).toEqual([10, 19]);
  });
});
