import { describe, expect, it } from '@jest/globals';
import { embedMetrics } from '../../../lambda/observe/embed-metrics';

const nowMs = Date.UTC(2026, 10, 23, 10);
const functionName = 'uploader';
const embed = (values: Parameters<typeof embedMetrics>[0]) => embedMetrics(values, { functionName, nowMs });

describe('the metrics in a log line', () => {
  it('reach CloudWatch with their units, by function', () => {
    expect(embed({ PhotosUploaded: 1, ApiLatency: [20, 30], PhotoBytes: 0, PaceAllowed: 50 })).toEqual({
      _aws: {
        Timestamp: nowMs,
        CloudWatchMetrics: [
          {
            Namespace: 'ComplyCubeLivePhotos',
            Dimensions: [['FunctionName']],
            Metrics: [
              { Name: 'PhotosUploaded', Unit: 'Count' },
              { Name: 'ApiLatency', Unit: 'Milliseconds' },
              { Name: 'PhotoBytes', Unit: 'Bytes' },
              { Name: 'PaceAllowed', Unit: 'Percent' },
            ],
          },
        ],
      },
      FunctionName: functionName,
      PhotosUploaded: 1,
      ApiLatency: [20, 30],
      PhotoBytes: 0,
      PaceAllowed: 50,
    });
  });

  it('count a rejection by function, and also by reason', () => {
    const fields = embedMetrics({ PhotosRejected: 1 }, { functionName, reason: 'too-small', nowMs });
    const Metrics = [{ Name: 'PhotosRejected', Unit: 'Count' }];
    expect(fields).toEqual({
      _aws: {
        Timestamp: nowMs,
        CloudWatchMetrics: [
          { Namespace: 'ComplyCubeLivePhotos', Dimensions: [['FunctionName']], Metrics },
          { Namespace: 'ComplyCubeLivePhotos', Dimensions: [['FunctionName', 'Reason']], Metrics },
        ],
      },
      FunctionName: functionName,
      Reason: 'too-small',
      PhotosRejected: 1,
    });
  });

  it.each([{}, { ApiLatency: [] }, { PhotoBytes: undefined }] as Parameters<typeof embedMetrics>[0][])(
    'are absent, and the line is small, if there is no value (%j)',
    (values) => {
      expect(embed(values)).toEqual({});
      expect(embed({ ...values, EventAge: 5 })).toEqual(embed({ EventAge: 5 }));
    },
  );

  it('have at most 100 values each, because CloudWatch ignores a metric with more', () => {
    const values = Array.from({ length: 101 }, (_, index) => index);
    expect(embed({ ApiLatency: values })).toMatchObject({ ApiLatency: values.slice(0, 100) });
  });
});
