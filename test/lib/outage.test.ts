import { describe, expect, it } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { bundleFunction } from '../../bin/bundle-function';
import cdkConfiguration from '../../cdk.json';
import { backoffMs } from '../../lambda/backoff';
import { LivePhotosStack } from '../../lib/live-photos-stack';

bundleFunction();
const template = Template.fromStack(new LivePhotosStack(new App({ context: cdkConfiguration.context }), 'LivePhotos'));
const queues = Object.values(template.findResources('AWS::SQS::Queue')) as {
  Properties: { RedrivePolicy?: { maxReceiveCount: number }; MessageRetentionPeriod: number };
}[];
const queue = queues.find(({ Properties }) => Properties.RedrivePolicy !== undefined)?.Properties;
const receives = Array.from({ length: queue?.RedrivePolicy?.maxReceiveCount ?? 0 }, (_, at) => at + 1);
const hoursWith = (random: () => number): number =>
  receives.reduce((sum, received) => sum + backoffMs(received, undefined, random), 0) / 3_600_000;

describe('an outage of ComplyCube', () => {
  it('of 48 hours moves no message to the dead-letter queue, however the jitter falls', () => {
    // Each of the waits that count is evenly spread between none and an hour: half an hour in the mean, with a standard
    // deviation of an hour / √12.
    const mean = hoursWith(() => 0.5);
    const deviation = Math.sqrt(receives.length / 12);
    expect(mean - 4 * deviation).toBeGreaterThan(48);
    const drawn = Array.from({ length: 2_000 }, () => hoursWith(Math.random));
    expect(Math.min(...drawn)).toBeGreaterThan(48);
  });

  it('without end moves every message to the dead-letter queue before it expires', () => {
    const retentionHours = (queue?.MessageRetentionPeriod ?? 0) / 3_600;
    expect(hoursWith(() => 1)).toBeLessThan(retentionHours);
  });
});
