import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, it } from '@jest/globals';
import { LivePhotoUploader } from '../../lib/live-photo-uploader';
import { makeApp } from './stacks';

describe('requestsPerSecond', () => {
  const warningsOf = (requestsPerSecond: number, maxConcurrency: number): Annotations => {
    const stack = new Stack(makeApp(), 'Kyc');
    new LivePhotoUploader(stack, 'Uploader', { requestsPerSecond, maxConcurrency });
    return Annotations.fromStack(stack);
  };

  it.each([
    [5, 2, 'only 4 calls per second are made.* such as 4 or 6'],
    [10, 3, 'only 9 calls per second are made.* such as 9 or 12'],
    [7, 4, 'only 4 calls per second are made.* such as 4 or 8'],
  ])('gets a warning if the environments can’t share it evenly: %d among %d', (rate, environments, warning) => {
    warningsOf(rate, environments).hasWarning('/Kyc/Uploader', Match.stringLikeRegexp(warning));
  });

  it.each([
    [10, 2],
    [6, 2],
    [5, 5],
  ])('gets no warning if the environments share it evenly: %d among %d', (rate, environments) => {
    warningsOf(rate, environments).hasNoWarning('*', Match.stringLikeRegexp('calls per second are made'));
  });
});
