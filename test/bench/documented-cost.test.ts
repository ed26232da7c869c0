import { describe, expect, it } from '@jest/globals';
import { metrics } from '../../contract/metrics';
import { rejectionReasons } from '../../contract/outcome';
import { monthlyBill } from '../../bench/cost/monthly-bill';
import { prices } from '../../local/prices';
import { readDocument } from '../docs/documents';

const million = { photos: 1e6, photoBytes: 500_000, requestsPerSecond: 10 };
const dollarsOf = (photos: number): number =>
  monthlyBill({ ...million, photos }).reduce((sum, { dollars }) => sum + dollars, 0);

const fixed = dollarsOf(0);
const customMetrics = (Object.keys(metrics).length + rejectionReasons.length) * prices.cloudWatch.customMetricMonth;
const aThousand = (dollarsOf(1e6) - fixed) / 1_000;

describe.each(['README.md', 'docs/costs.md'])('the costs in %s', (path) => {
  it('are the computed ones: fixed, without photos, and per thousand photos', () => {
    const text = readDocument(path);
    expect(text).toContain(
      `about $${fixed.toFixed(0)}; about $${(fixed - customMetrics).toFixed(0)} in a month without`,
    );
    expect(text).toContain(`about $${aThousand.toFixed(2)} `);
  });
});

describe.each(['docs/costs.md', 'docs/measurements.md'])('the cost of a million photos in %s', (path) => {
  it('is the computed one', () => {
    expect(readDocument(path)).toContain(`about $${dollarsOf(1e6).toFixed(0)}`);
  });
});
