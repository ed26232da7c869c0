import { describe, expect, it } from '@jest/globals';
import { metricsService, monthlyBill, totalOf } from '../../bench/cost/monthly-bill';
import { readDocument } from '../docs/documents';

const million = { photos: 1e6, photoBytes: 500_000, requestsPerSecond: 10 };
const dollarsOf = (photos: number): number => totalOf(monthlyBill({ ...million, photos }));

const fixed = dollarsOf(0);
const metrics = totalOf(monthlyBill(million).filter(({ service }) => service === metricsService));
const aThousand = (dollarsOf(1e6) - fixed - metrics) / 1_000;

describe.each(['README.md', 'docs/costs.md'])('the costs in %s', (path) => {
  it.each([
    ['fixed', `| about $${fixed.toFixed(0)} `],
    ['of the metrics', `| about $${metrics.toFixed(0)} more `],
    ['of a thousand photos', `| about $${aThousand.toFixed(2)}, `],
  ])('are the computed ones: %s', (_, text) => {
    expect(readDocument(path)).toContain(text);
  });
});

describe.each(['docs/costs.md', 'docs/measurements.md'])('the cost of a million photos in %s', (path) => {
  it('is the computed one', () => {
    expect(readDocument(path)).toContain(`about $${dollarsOf(1e6).toFixed(0)}`);
  });
});
