import { describe, expect, it } from '@jest/globals';
import { readDocument } from './documents';
import { readTable } from './tables';

const rows = readTable('docs/measurements.md', 'Pace').map((row) => ({
  within: row['ComplyCube answers within'] ?? '',
  batches: row['with plain batches'] ?? '',
  drawing: row['share of the limit'] ?? '',
}));
const chart = readDocument('docs/pace.svg');
const heightOf = (share: string): string => (parseFloat(share) * 2).toFixed(1);

describe('the chart of the pace', () => {
  it('has the figures of the table, in its description too', () => {
    const description = rows.map(
      ({ within, batches, drawing }) =>
        `answers within ${within}: ${batches} with plain batches, ${drawing} with drawing`,
    );
    expect(/rate limit that a backlog uses, by ComplyCube's latency\. (.*)\.<\/desc>/.exec(chart)?.[1]).toBe(
      description.join('; '),
    );
    const texts = [...chart.matchAll(/<text class="text middle"[^>]*>([^<]*)</g)].map(([, text]) => text);
    expect(texts).toEqual(rows.flatMap(({ within, batches, drawing }) => [batches, drawing, within]));
  });

  it('has bars of the right height', () => {
    const heights = [...chart.matchAll(/class="(?:batches|drawing)" [^>]*height="([\d.]+\.\d)"/g)];
    expect(heights.map(([, height]) => height)).toEqual(
      rows.flatMap(({ batches, drawing }) => [heightOf(batches), heightOf(drawing)]),
    );
  });
});
