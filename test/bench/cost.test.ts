import { describe, expect, it } from '@jest/globals';
import { parseCostArguments } from '../../bench/cost/cost-arguments';
import { hoursAtPace, monthlyBill, fixedResources } from '../../bench/cost/monthly-bill';
import { renderBill } from '../../bench/cost/render-bill';
import { prices } from '../../local/prices';
import { synthesize } from '../lib/stacks';

const million = { photos: 1e6, photoBytes: 500_000, requestsPerSecond: 10 };
const dollarsOf = (service: string, month = million) =>
  monthlyBill(month).find((line) => line.service === service)?.dollars;

describe('parseCostArguments', () => {
  it.each([
    ['', million],
    ['--photos 1e6 --size 500KB', million],
    ['--photos 1.5e3 --size 2MB', { ...million, photos: 1_500, photoBytes: 2_000_000 }],
    ['--photos 7 --size 40000 --requests-per-second 5', { photos: 7, photoBytes: 40_000, requestsPerSecond: 5 }],
    ['--photos 0', { ...million, photos: 0 }],
    ['--size 3.5mb', { ...million, photoBytes: 3_500_000 }],
  ])('reads “%s”', (line, month) => {
    expect(parseCostArguments(words(line))).toEqual({ ...month, isJson: false });
  });

  it.each([
    ['--photos many', '--photos must be a whole number'],
    ['--photos -1', '--photos must be a whole number'],
    ['--photos 1.5', '--photos must be a whole number'],
    ['--photos 1e13', '--photos must be a whole number'],
    ['--size 5GB', '--size must be a number of bytes, KB or MB'],
    ['--size 0.0001KB', '--size must be a number of bytes, KB or MB'],
    ['--size 33KB', '--size must be from 34000 to 4194304 bytes'],
    ['--size 5MB', '--size must be from 34000 to 4194304 bytes'],
    ['--requests-per-second 0', '--requests-per-second must be a whole number'],
    ['--requests-per-second fast', '--requests-per-second must be a whole number'],
    ['--photo 7', "Unknown option '--photo'"],
    ['seven', "Unexpected argument 'seven'"],
  ])('refuses “%s”', (line, message) => {
    expect(() => parseCostArguments(words(line))).toThrow(message);
  });

  it('recognises --help', () => {
    expect(parseCostArguments(['--help'])).toBe('help');
  });
});

describe('monthlyBill', () => {
  it('computes each service from its prices', () => {
    expect(dollarsOf('data transfer')).toBeCloseTo(((1e6 * 500_000 * 4) / 3 / 1e9) * 0.09, 6);
    expect(dollarsOf('S3 requests')).toBeCloseTo(15 + 0.8, 6);
    expect(dollarsOf('EventBridge')).toBeCloseTo(1, 6);
    expect(dollarsOf('Lambda')).toBeCloseTo(0.2 + 1e6 * 0.4 * 0.5 * 0.0000133334, 6);
    expect(dollarsOf('SQS')).toBeCloseTo((4e6 + 5 * 129_600) * 0.4e-6, 6);
  });

  it('grows with the photos, except for fixed costs', () => {
    const twice = { ...million, photos: 2e6 };
    expect(dollarsOf('data transfer', twice)).toBeCloseTo(2 * (dollarsOf('data transfer') ?? 0), 6);
    expect(dollarsOf('Secrets Manager', twice)).toBe(dollarsOf('Secrets Manager'));
  });

  it('charges metrics only for hours with photos', () => {
    const [none, one, all] = [0, 1, 720].map((photos) => dollarsOf('CloudWatch metrics', { ...million, photos }));
    expect(none).toBe(0);
    expect(all).toBeCloseTo(720 * (one ?? 0), 6);
    expect(all).toBe(dollarsOf('CloudWatch metrics'));
  });

  it('traces one invocation per second, and 5 % of the others', () => {
    const secondsAMonth = 30 * 86_400;
    expect(dollarsOf('X-Ray', { ...million, photos: secondsAMonth + 2_000 })).toBeCloseTo(
      (secondsAMonth + 100) * 5e-6,
      6,
    );
  });

  it('counts the alarms of the stack', () =>
    synthesize().resourceCountIs('AWS::CloudWatch::Alarm', fixedResources.alarms));

  it('names the source of every price', () => {
    for (const { source } of monthlyBill(million)) expect(source).toMatch(/^https:\/\/aws\.amazon\.com\//);
    expect(Number.isNaN(Date.parse(prices.asOf))).toBe(false);
  });
});

describe('renderBill', () => {
  it('shows the fixed cost, the metrics and the cost of a thousand photos separately', () => {
    const bill = renderBill(monthlyBill(million), million);
    expect(bill).toContain('Fixed, with and without photos: $4.95\n');
    expect(bill).toContain('Metrics, in hours with photos:  $9.90\n');
    expect(bill).toContain('Each thousand photos:           $0.10\n');
  });

  it('shows only the fixed cost of a month without photos', () => {
    const month = { ...million, photos: 0 };
    const bill = renderBill(monthlyBill(month), month);
    expect(bill).toMatch(/^total +\$4\.95$/m);
    expect(bill).not.toMatch(/NaN|thousand photos|they take/);
  });
});

describe('the pace', () => {
  it('takes 27.8 hours for a million photos at ten calls per second', () => {
    expect(hoursAtPace(million)).toBeCloseTo(27.78, 2);
    expect(renderBill(monthlyBill(million), million)).toContain(
      "At ComplyCube's limit of 10 calls per second they take 27.8 hours.",
    );
  });

  it('says that a month is too short', () => {
    const month = { ...million, photos: 1e9 };
    expect(renderBill(monthlyBill(month), month)).toContain('more than a month.');
  });
});

function words(line: string): string[] {
  return line === '' ? [] : line.split(' ');
}
