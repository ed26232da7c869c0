import { describe, expect, it } from '@jest/globals';
import { parseBenchArguments } from '../../bench/bench-arguments';

const plain = { what: 'table', isQuick: false, isJson: false, chartPath: undefined };

describe('parseBenchArguments', () => {
  it.each([
    [[], plain],
    [['--memory'], { ...plain, what: 'memory' }],
    [['--quick', '--json'], { ...plain, isQuick: true, isJson: true }],
    [['--chart', 'docs/bench.svg'], { ...plain, chartPath: 'docs/bench.svg' }],
    [['--help'], 'help'],
  ])('reads %j', (words, options) => {
    expect(parseBenchArguments(words)).toEqual(options);
  });

  it.each([
    [['--chart', 'bench.png'], '--chart must name an .svg file'],
    [['--chart', 'bench.svg', '--memory'], '--chart draws the table'],
    [['--fast'], "Unknown option '--fast'"],
    [['all'], "Unexpected argument 'all'"],
  ])('refuses %j', (words, message) => {
    expect(() => parseBenchArguments(words)).toThrow(message);
  });
});
