import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../cli/command-error';
import { drainHelp, parseDrainArguments } from '../../../local/drain/drain-arguments';
import { type DrainFigures, figuresOf, hasReachedGoals, renderDrain } from '../../../local/drain/drain-figures';

const figures: DrainFigures = {
  livePhotos: 600,
  calls: 600,
  refused: 0,
  peakRequestsPerSecond: 10,
  shareOfLimit: 0.975,
  shareRefused: 0,
  tookMs: 61_300,
};
const coloured = (colour: string, text: string): string => `<${colour}>${text}</${colour}>`;

/** The times of bursts of ten calls. */
const bursts = (count: number, everyMs: number): number[] =>
  Array.from({ length: count * 10 }, (_, at) => 1_000 + Math.floor(at / 10) * everyMs);

describe('the command line of npm run drain', () => {
  it.each([
    ['nothing', [], { photos: 600, requestsPerSecond: 10, concurrency: 2, latencyMs: 200, isJson: false }],
    [
      'everything',
      ['--photos=500', '--requests-per-second=50', '--concurrency', '5', '--latency-ms', '0', '--json'],
      { photos: 500, requestsPerSecond: 50, concurrency: 5, latencyMs: 0, isJson: true },
    ],
    ['--help', ['--help'], 'help'],
  ])('accepts %s', (_, words, expected) => {
    expect(parseDrainArguments(words)).toEqual(expected);
  });

  it.each([
    ['too few photos', ['--photos', '99'], "--photos must be a whole number from 100 to 100000, not '99'"],
    [
      'more environments than calls',
      ['--concurrency', '11'],
      "--concurrency must be a whole number from 2 to 10, not '11'",
    ],
    ['an unknown flag', ['--fast'], "Unknown option '--fast' (see --help)"],
  ])('refuses %s in one line', (_, words, message) => {
    const parse = () => parseDrainArguments(words);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
  });

  it('documents each flag in its help', () => {
    for (const flag of ['photos', 'requests-per-second', 'concurrency', 'latency-ms', 'json', 'help']) {
      expect(drainHelp).toContain(`  --${flag}`);
    }
  });
});

describe('the figures of a drain', () => {
  const counts = { calls: 400, refused: 4, peakRequestsPerSecond: 10, tookMs: 1 };

  it('are the whole limit if as many photos as allowed are stored each second', () => {
    expect(figuresOf({ ...counts, storedAtMs: bursts(40, 1_000) }, 10).shareOfLimit).toBe(1);
  });

  it('are less if photos are stored more slowly', () => {
    expect(figuresOf({ ...counts, storedAtMs: bursts(40, 1_025) }, 10).shareOfLimit).toBeCloseTo(1 / 1.025, 6);
  });

  it('exclude the start and the end', () => {
    const slowAtBothEnds = bursts(40, 1_000).map((at, index) =>
      index < 20 ? at - 5_000 : index < 380 ? at : at + 5_000,
    );
    expect(figuresOf({ ...counts, storedAtMs: slowAtBothEnds }, 10).shareOfLimit).toBe(1);
  });

  it('include 429s as a share of all calls', () => {
    expect(figuresOf({ ...counts, storedAtMs: [] }, 10).shareRefused).toBe(0.01);
  });

  it.each([
    ['reach the goals', {}, true],
    ['miss them with less than 97 % of the limit', { shareOfLimit: 0.9699 }, false],
    ['miss them without a backlog', { shareOfLimit: NaN }, false],
    ['miss them with 0.1 % refused', { shareRefused: 0.001 }, false],
  ])('%s', (_, more, expected) => {
    expect(hasReachedGoals({ ...figures, ...more })).toBe(expected);
  });

  it('are rendered with the goals, in red if they miss them', () => {
    expect(renderDrain(figures, coloured)).toMatch(
      /<green> {2}share of the limit +97\.5 % {2}goal: 97 % or more<\/green>/,
    );
    const missed = renderDrain({ ...figures, shareRefused: 0.0244, refused: 15 }, coloured);
    expect(missed).toMatch(/<red> {2}answered with 429 +2\.44 % {2}15 calls; goal: below 0\.1 %<\/red>/);
  });
});
