import { describe, expect, it } from '@jest/globals';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { renderChart } from '../../bench/chart';
import { isMissed, ratioRow, type Row } from '../../bench/row';
import { renderTable } from '../../bench/table';

const reached = ratioRow({ what: 'CPU <a photo>', against: 'naive & slow', goal: 0.5 }, [1, 2, 3], [4, 8, 12]);
const missed = ratioRow({ what: 'wall', against: 'raw', goal: 2 }, [30], [10]);
const share = ratioRow({ what: 'validation', against: 'all', goal: 20, unit: '%' }, [1], [10]);
const trips: Row = {
  what: 'round trips',
  against: '',
  unit: '',
  goal: 3,
  measured: { median: 1, low: 1, high: 1, rounds: 9 },
};

describe('a row', () => {
  it('is the ratio of figures of the same rounds', () => {
    expect(reached.measured).toEqual({ median: 0.25, low: 0.25, high: 0.25, rounds: 3 });
    expect(share.measured.median).toBe(10);
  });

  it('misses its goal only above it', () => {
    expect([reached, missed, share, trips].map(isMissed)).toEqual([false, true, false, false]);
    expect(isMissed({ ...trips, goal: 1 })).toBe(false);
  });
});

describe('renderTable', () => {
  it('shows figure, goal and parts of each row', () => {
    const [, , ...lines] = renderTable([reached, missed, share, trips]).split('\n');
    expect(lines.map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
      '| CPU <a photo> | naive & slow | **0.25 ×** | ≤ 0.50 × | 2.0 of 8.0 ms |',
      '| wall | raw | **3.00 ×** | ≤ 2.00 × (missed) | 30.0 of 10.0 ms |',
      '| validation | all | **10 %** | ≤ 20 % | 1.0 of 10.0 ms |',
      '| round trips | | **1** | ≤ 3 | |',
    ]);
  });

  it('shows the quartiles if they differ', () => {
    const spread = ratioRow({ what: 'a', against: 'b', goal: 1, of: 'MB' }, [1, 2, 3], [10, 10, 10]);
    expect(renderTable([spread])).toContain('**0.20 ×** (0.15–0.25)');
  });
});

describe('renderChart', () => {
  const svg = renderChart([reached, missed, share, trips]);
  interface Rect {
    readonly '@class': string;
    readonly '@width': string;
  }
  const { svg: parsed } = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' }).parse(svg) as {
    svg: { rect: Rect[]; desc: { '#text': string } };
  };
  const bars = parsed.rect.filter(({ '@class': name }) => name !== 'whole');

  it('escapes the names of the rows', () => {
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(parsed.desc['#text']).toContain('naive & slow');
  });

  it('draws one bar per ratio, with its length and a colour that shows whether the goal is reached', () => {
    expect(bars.map((bar) => [bar['@class'], Number(bar['@width'])])).toEqual([
      ['reached', 75],
      ['missed', 300],
    ]);
  });
});
