import { describe, expect, it } from '@jest/globals';
import { chaosHelp, parseChaosArguments } from '../../../local/chaos/chaos-arguments';
import { UsageError } from '../../../cli/command-error';

const usual = { photos: 500, seed: 7, speed: 120, requestsPerSecond: 40, isJson: false, hasLogs: false };
const on = { hasClaims: true };
const off = { hasClaims: false };

describe('the command line of npm run chaos', () => {
  it.each([
    ['a seed', ['--seed', '7'], { ...usual, runs: [on, off] }],
    [
      'photos and a seed',
      ['--photos', '60', '--seed=0', '--json'],
      { ...usual, photos: 60, seed: 0, isJson: true, runs: [on, off] },
    ],
    ['--claims on', ['--seed', '7', '--claims', 'on', '--logs'], { ...usual, hasLogs: true, runs: [on] }],
    ['--claims off', ['--seed', '7', '--claims', 'off'], { ...usual, runs: [off] }],
    [
      'another speed and rate',
      ['--seed', '7', '--speed', '60', '--requests-per-second', '20'],
      { ...usual, speed: 60, requestsPerSecond: 20, runs: [on, off] },
    ],
    ['--help among others', ['--seed', '7', '--help'], 'help'],
  ])('accepts %s', (_, words, expected) => {
    expect(parseChaosArguments(words)).toEqual(expected);
  });

  it('draws a seed by default', () => {
    const seeds = Array.from({ length: 20 }, () => parseChaosArguments([])).map((asked) =>
      asked === 'help' ? asked : asked.seed,
    );
    expect(new Set(seeds).size).toBeGreaterThan(1);
  });

  it.each([
    ['no photos', ['--photos', '0'], "--photos must be a whole number from 1 to 100000, not '0'"],
    ['half a photo', ['--photos', '1.5'], "--photos must be a whole number from 1 to 100000, not '1.5'"],
    ['minus five photos', ['--photos', '-5'], "--photos must be a whole number from 1 to 100000, not '-5'"],
    ['a seed in words', ['--seed', 'seven'], "--seed must be a whole number from 0 to 4294967295, not 'seven'"],
    ['a speed of 0', ['--speed', '0'], "--speed must be a whole number from 1 to 10000, not '0'"],
    [
      'a rate that leaves an environment none',
      ['--requests-per-second', '1'],
      "--requests-per-second must be a whole number from 2 to 1000, not '1'",
    ],
    ['other claims', ['--claims', 'maybe'], "--claims must be on, off or both, not 'maybe'"],
    ['an unknown flag', ['--fast'], "Unknown option '--fast' (see --help)"],
    ['a word too many', ['500'], "Unexpected argument '500' (see --help)"],
  ])('refuses %s in one line', (_, words, message) => {
    const parse = () => parseChaosArguments(words);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
  });

  it('documents each flag in its help', () => {
    for (const flag of ['photos', 'seed', 'speed', 'requests-per-second', 'claims', 'json', 'logs', 'help']) {
      expect(chaosHelp).toContain(`  --${flag}`);
    }
  });
});
