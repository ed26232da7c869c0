import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../cli/command-error';
import { drainHelp, parseDrainArguments } from '../../../local/drain/drain-arguments';
import {
  type DrainFigures,
  type DrainMeasurements,
  type DrainSettings,
  figuresOf,
} from '../../../local/drain/drain-figures';
import { goalsOf, judge } from '../../../local/drain/drain-goals';
import { drainTimeoutSeconds } from '../../../local/drain/drain-run';
import { renderDrain } from '../../../local/drain/render-drain';

const settings: DrainSettings = {
  photos: 2_000,
  photoBytes: 40_000,
  requestsPerSecond: 10,
  vendorLimit: 10,
  vendorBlockSeconds: 0,
  concurrency: 2,
  latencyMs: 200,
};
const figures: DrainFigures = {
  livePhotos: 2_000,
  calls: 2_000,
  refused: 0,
  peakRequestsPerSecond: 10,
  greatestDelayMs: 3,
  shareOfLimit: 0.975,
  shareRefused: 0,
  billedMsPerPhoto: 206,
  dollarsPerMillion: 1.38,
  invocationsEnded: 2,
  tookMs: 205_300,
};
const coloured = (colour: string, text: string): string => `<${colour}>${text}</${colour}>`;

/** The times of bursts of ten calls. */
const bursts = (count: number, everyMs: number): number[] =>
  Array.from({ length: count * 10 }, (_, at) => 1_000 + Math.floor(at / 10) * everyMs);

describe('the command line of npm run drain', () => {
  it.each([
    ['nothing', [], { ...settings, isJson: false }],
    [
      'everything',
      [
        ...['--photos=9000', '--size=4MB', '--requests-per-second=50', '--concurrency', '5', '--latency-ms', '0'],
        ...['--vendor-limit=25', '--vendor-block', '5', '--json'],
      ],
      {
        ...{ photos: 9_000, photoBytes: 4_000_000, requestsPerSecond: 50, vendorLimit: 25, vendorBlockSeconds: 5 },
        ...{ concurrency: 5, latencyMs: 0, isJson: true },
      },
    ],
    [
      'fewer photos than two ends need',
      ['--photos=600', '--vendor-limit=5'],
      { ...settings, photos: 1_000, tooFewPhotos: 600, vendorLimit: 5, isJson: false },
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
    ['a size that ComplyCube refuses', ['--size', '5MB'], '--size must be from 34000 to 4194304 bytes'],
    [
      'a larger limit than the setting',
      ['--vendor-limit', '11'],
      "--vendor-limit must be a whole number from 1 to 10, not '11'",
    ],
    ['an unknown flag', ['--fast'], "Unknown option '--fast' (see --help)"],
  ])('refuses %s in one line', (_, words, message) => {
    const parse = () => parseDrainArguments(words);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
  });

  it('documents each flag in its help', () => {
    const pacing = ['requests-per-second', 'vendor-limit', 'vendor-block', 'concurrency', 'latency-ms'];
    for (const flag of [...pacing, 'photos', 'size', 'json', 'help']) expect(drainHelp).toContain(`  --${flag}`);
  });
});

describe('the function’s timeout in a drain', () => {
  it.each([
    ['ends the drawing of messages after three quarters of the backlog', {}, 220],
    ['does the same when ComplyCube allows less', { photos: 1_000, vendorLimit: 5 }, 220],
    ['is at most the deployed one', { photos: 20_000 }, 300],
  ])('%s', (_, more, expected) => {
    expect(drainTimeoutSeconds({ ...settings, ...more })).toBe(expected);
  });
});

describe('the figures of a drain', () => {
  /** Bursts of ten calls. The backlog ends with the last one. */
  const measured = (storedAtMs: number[], more: Partial<DrainMeasurements> = {}): DrainMeasurements => ({
    ...{ calls: 400, refused: 4, peakRequestsPerSecond: 10, greatestDelayMs: 3, tookMs: 1, storedAtMs },
    ...{ backlogEndedAtMs: Math.max(...storedAtMs), invocationsMs: [], invocationsEnded: 2, memoryMb: 512, ...more },
  });
  const shareOf = (storedAtMs: number[], more: Partial<DrainSettings> = {}) =>
    figuresOf(measured(storedAtMs), { ...settings, ...more }).shareOfLimit;

  it('are the whole limit if as many photos as allowed are stored each second', () => {
    expect(shareOf(bursts(60, 1_000))).toBe(1);
  });

  it('are less if photos are stored more slowly', () => {
    expect(shareOf(bursts(200, 1_025))).toBeCloseTo(1 / 1.025, 2);
  });

  it('are relative to what ComplyCube allows, if that is less than the setting', () => {
    expect(shareOf(bursts(60, 2_000), { vendorLimit: 5 })).toBeCloseTo(1, 1);
  });

  it('exclude the start, and what is stored after the backlog', () => {
    const slowStart = bursts(60, 1_000).map((at, index) => (index < 40 ? at - 5_000 : at));
    const late = Array.from({ length: 50 }, (_, at) => 200_000 + at * 1_000);
    const backlogEndedAtMs = Math.max(...slowStart);
    expect(figuresOf(measured([...slowStart, ...late], { backlogEndedAtMs }), settings).shareOfLimit).toBe(1);
  });

  it('include 429s as a share of all calls', () => {
    expect(figuresOf(measured([]), settings).shareRefused).toBe(0.01);
  });

  it('include Lambda’s time for each photo, and the price of a million', () => {
    const { billedMsPerPhoto, dollarsPerMillion } = figuresOf(
      measured(bursts(20, 1_000), { invocationsMs: [30_000, 10_000] }),
      settings,
    );
    expect(billedMsPerPhoto).toBe(200);
    // 0.2 s with half a gigabyte at $0.0000133334, and a hundredth of a request at $0.20 a million.
    expect(dollarsPerMillion).toBe(1.34);
  });

  it.each<[string, Partial<DrainSettings>, Partial<DrainFigures>, boolean]>([
    ['reach the goals', {}, {}, true],
    ['miss them with less than 97 % of the limit', {}, { shareOfLimit: 0.9699 }, false],
    ['miss them without a backlog', {}, { shareOfLimit: NaN }, false],
    ['miss them with 0.1 % refused', {}, { shareRefused: 0.001 }, false],
    ['miss them if fewer than two invocations ended', {}, { invocationsEnded: 1 }, false],
    ['miss them so even when ComplyCube blocks', { vendorBlockSeconds: 5 }, { invocationsEnded: 1 }, false],
    ['reach them with 96 % at 1 s', { latencyMs: 1_000 }, { shareOfLimit: 0.96 }, true],
    ['reach them with 95 % at 2 s', { latencyMs: 2_000 }, { shareOfLimit: 0.95 }, true],
    ['miss them with less than 95 % at 2 s', { latencyMs: 2_000 }, { shareOfLimit: 0.9499 }, false],
    ['reach them with 90 % at 5 s', { latencyMs: 5_000 }, { shareOfLimit: 0.9, dollarsPerMillion: 3 }, true],
    ['miss them with more than $1.60', { latencyMs: 2_000 }, { dollarsPerMillion: 1.61 }, false],
    ['have no goal for the price of large photos', { photoBytes: 4_000_000 }, { dollarsPerMillion: 9 }, true],
    [
      'reach them with 3 % refused when less is allowed',
      { vendorLimit: 5 },
      { shareOfLimit: 0.9, shareRefused: 0.029 },
      true,
    ],
    ['miss them with 3 % refused when less is allowed', { vendorLimit: 5 }, { shareRefused: 0.03 }, false],
    ['have no goals when ComplyCube blocks', { vendorBlockSeconds: 5 }, { shareOfLimit: 0.1, shareRefused: 0.5 }, true],
  ])('%s', (_, moreSettings, moreFigures, expected) => {
    const judged = judge({ ...figures, ...moreFigures }, goalsOf({ ...settings, ...moreSettings }));
    expect(Object.values(judged).every(Boolean)).toBe(expected);
  });

  it('are rendered with the goals, in red if they miss them', () => {
    expect(renderDrain(figures, goalsOf(settings), coloured)).toMatch(
      /<green> {2}share of the limit +97\.5 % {2}goal: 97 % or more<\/green>/,
    );
    const missed = renderDrain({ ...figures, shareRefused: 0.0244, refused: 15 }, goalsOf(settings), coloured);
    const unmeasured = renderDrain({ ...figures, invocationsEnded: 1 }, goalsOf(settings), coloured);
    expect(unmeasured).toMatch(/<red> {2}invocations ended +1 {2}during the backlog; goal: at least 2<\/red>/);
    expect(missed).toMatch(/<red> {2}answered with 429 +2\.44 % {2}15 calls; goal: below 0\.1 %<\/red>/);
  });
});
