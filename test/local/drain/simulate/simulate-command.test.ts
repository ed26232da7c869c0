import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../../cli/command-error';
import { parseDrainArguments } from '../../../../local/drain/drain-arguments';
import { drawSimulation } from '../../../../local/drain/simulate/draw-simulation';
import { runSimulations } from '../../../../local/drain/simulate/main';
import { isComplete, renderSimulation } from '../../../../local/drain/simulate/render-simulation';
import { scenarios } from '../../../../local/drain/simulate/scenarios';
import { parseSimulateArguments, simulateHelp } from '../../../../local/drain/simulate/simulate-arguments';
import type { SimulationFigures } from '../../../../local/drain/simulate/simulation-figures';
import { describeSimulation, type SimulationResult } from '../../../../local/drain/simulate/simulation-result';
import { codeOf, readTable } from '../../../docs/tables';

const settings = { photos: 1_000_000, requestsPerSecond: 10, concurrency: 2, seed: 1 };
const figures: SimulationFigures = {
  ...{
    hours: 98.44,
    hoursAfterOutage: 48.2,
    livePhotos: 1_000_000,
    calls: 3_000_000,
    refused: 30,
    shareRefused: 0.00001,
  },
  ...{ shareOfLimit: 0.9712, peakRequestsPerSecond: 10, oldestEventHours: 50.04, mostReceives: 7, mostInFlight: 9_000 },
  ...{ deadLettered: 0, lost: 0, invocations: 900, billedMsPerPhoto: 400 },
  ...{ lambdaDollars: 1.4, sqsDollars: 0.5, s3Dollars: 15.8, dollars: 17.7 },
};
const resultOf = (name: string, more: Partial<SimulationFigures> = {}): SimulationResult => {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  return describeSimulation(scenario, settings, { ...figures, ...more });
};
const coloured = (colour: string, text: string): string => `<${colour}>${text}</${colour}>`;

describe('the command line of npm run drain -- --simulate', () => {
  it('simulates a million photos in all scenarios by default', () => {
    const expected = { settings, scenarios, chartPath: undefined, isJson: false };
    expect(parseSimulateArguments(['--simulate'])).toEqual(expected);
  });

  it('accepts everything', () => {
    const numbers = ['--photos=9000', '--requests-per-second=50', '--concurrency', '5', '--seed=7'];
    const words = ['--simulate', ...numbers, '--scenario=outage-2d', '--chart=a.svg', '--json'];
    expect(parseSimulateArguments(words)).toEqual({
      settings: { photos: 9_000, requestsPerSecond: 50, concurrency: 5, seed: 7 },
      scenarios: scenarios.filter(({ name }) => name === 'outage-2d'),
      chartPath: 'a.svg',
      isJson: true,
    });
  });

  it.each([
    ['--size=4MB', '--size is not for a simulation: omit it, or --simulate'],
    ['--latency-ms=200', '--latency-ms is not for a simulation: omit it, or --simulate'],
    ['--vendor-limit=5', '--vendor-limit is not for a simulation: omit it, or --simulate'],
    ['--vendor-block=5', '--vendor-block is not for a simulation: omit it, or --simulate'],
    ['--photos=0', "--photos must be a whole number from 1 to 1000000, not '0'"],
    ['--photos=1000001', "--photos must be a whole number from 1 to 1000000, not '1000001'"],
    ['--concurrency=11', "--concurrency must be a whole number from 2 to 10, not '11'"],
    ['--seed=-1', "--seed must be a whole number from 0 to 4294967295, not '-1'"],
    ['--scenario=none', '--scenario must be one of latency-0.2s, '],
    ['--chart=a.png', "--chart must name an .svg file, not 'a.png'"],
    ['--fast', "Unknown option '--fast' (see --help)"],
  ])('refuses %s in one line', (word, message) => {
    const parse = () => parseSimulateArguments(['--simulate', word]);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
  });

  it('refuses a chart that can’t be written before it simulates', async () => {
    const running = runSimulations(['--simulate', '--chart=no such folder/a.svg']);
    await expect(running).rejects.toThrow(UsageError);
    await expect(running).rejects.toThrow("--chart can't be written: ENOENT");
  });

  it.each(['--seed=1', '--scenario=outage-2d', '--chart=a.svg'])('refuses %s without --simulate', (word) => {
    const [name] = word.split('=');
    expect(() => parseDrainArguments([word])).toThrow(`${name} is only for a simulation: add --simulate`);
  });

  it('documents each option and scenario in its help', () => {
    expect(parseSimulateArguments(['--simulate', '--help'])).toBe('help');
    const options = ['scenario', 'photos', 'requests-per-second', 'concurrency', 'seed', 'chart', 'json', 'help'];
    for (const option of options) expect(simulateHelp).toContain(`  --${option}`);
    for (const { name } of scenarios) expect(simulateHelp).toContain(name);
  });
});

describe('the result of a simulation', () => {
  it('has the fields that the docs list', () => {
    const documented = readTable('docs/measurements.md', 'JSON of a simulation').map((row) => codeOf(row['field']));
    expect(documented).toEqual(Object.keys(resultOf('outage-2d')));
  });

  it('describes the outage and the uploads', () => {
    expect(resultOf('outage-2d')).toMatchObject({
      ...{ scenario: 'outage-2d', latencyMs: 1_000, uploadsPerSecond: 3.968 },
      ...{ outageFromHour: 2, outageHours: 48, outageStatus: 503 },
    });
    expect(resultOf('latency-2s')).toMatchObject({ latencyMs: 2_000, uploadsPerSecond: null, outageHours: null });
  });

  it.each<[string, Partial<SimulationFigures>, boolean]>([
    ['is complete if each photo has one live photo', {}, true],
    ['is not complete with a dead-lettered message', { livePhotos: 999_999, deadLettered: 1 }, false],
    ['is not complete with a lost photo', { livePhotos: 999_999, lost: 1 }, false],
    ['is not complete with a duplicate', { livePhotos: 1_000_001 }, false],
  ])('%s', (_, more, expected) => {
    expect(isComplete(resultOf('outage-2d', more))).toBe(expected);
  });

  it('is rendered as a table, in red what is not complete', () => {
    const results = [resultOf('latency-2s', { hoursAfterOutage: null }), resultOf('outage-2d', { lost: 1 })];
    const text = renderSimulation(results, coloured);
    expect(text).toContain('1,000,000 photos at 10 requests a second with a concurrency of 2, seed 1');
    expect(text).toMatch(/<green>latency-2s +98\.4 +97\.1 % +30 \(0\.00 %\) +50\.0 h +0 +0 +\$17\.70<\/green>/);
    expect(text).toMatch(/<red>outage-2d +98\.4 +48\.2 +97\.1 % +30 \(0\.00 %\) +50\.0 h +0 +1 +\$17\.70<\/red>/);
  });

  it('is drawn with the outage and the time after it', () => {
    const chart = drawSimulation([
      resultOf('latency-2s', { hours: 50, hoursAfterOutage: null }),
      resultOf('outage-2d', { hours: 100 }),
    ]);
    const bars = [...chart.matchAll(/<rect class="([\w-]+)" x="([\d.]+)" y="\d+" width="([\d.]+)" height="20"/g)];
    expect(bars.map(([, className, x, width]) => [className, Number(x), Number(width)])).toEqual([
      ['uploads', 150, 215],
      ['uploads', 150, 8.6],
      ['outage', 158.6, 206.4],
      ['catches-up', 365, 207.3],
      ['uploads', 572.3, 7.7],
    ]);
    expect(chart).toContain('outage-2d: 100.0 hours, 97.1 % of the limit, $17.70');
  });
});
