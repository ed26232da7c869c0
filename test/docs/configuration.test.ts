import { describe, expect, it } from '@jest/globals';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { readSettings, settingNames } from '../../bin/settings';
import { synthesize } from '../lib/stacks';
import { codeOf, readTable, type Row } from './tables';

const rows = readTable('docs/deploying.md', 'Settings');
const nameOf = (row: Row): string => codeOf(row['setting']) ?? '';
const rowOf = (name: string): Row | undefined => rows.find((row) => nameOf(row) === name);

/** The template of the stack with settings from the command line. */
function templateOf(settings: Readonly<Record<string, string>>): unknown {
  return synthesize(readSettings(settings)).toJSON();
}

describe('the table of settings', () => {
  it('has one row for each setting, and no other row', () => {
    expect(rows.map(nameOf)).toEqual(settingNames);
  });

  it('has a default, limits and an explanation for each', () => {
    expect(rows.filter((row) => Object.values(row).includes(''))).toEqual([]);
  });

  it('contains the defaults of the stack', () => {
    const defaults = rows.flatMap((row) => {
      const value = codeOf(row['default']);
      return value === undefined ? [] : [[nameOf(row), value] as const];
    });
    expect(defaults.length).toBeGreaterThan(5);
    expect(templateOf(Object.fromEntries(defaults))).toEqual(templateOf({}));
  });

  const ranges = rows.flatMap((row) => {
    const [, least, most] = /^([\d,]+) to ([\d,]+)( days|$)/.exec(row['limits'] ?? '') ?? [];
    return least === undefined || most === undefined ? [] : [[nameOf(row), toNumber(least), toNumber(most)] as const];
  });

  it('has limits for each number', () => {
    expect(ranges.map(([name]) => name)).toEqual([
      'uploadedExpireDays',
      'rejectedExpireDays',
      'erasedExpireDays',
      'requestsPerSecond',
      'evidenceRetentionDays',
    ]);
  });

  it.each(ranges)('contains the limits of %s: %d to %d', (name, least, most) => {
    for (const allowed of [least, most]) expect(() => templateOf({ [name]: String(allowed) })).not.toThrow();
    for (const refused of [least - 1, most + 1])
      expect(() => templateOf({ [name]: String(refused) })).toThrow(/ must be /);
  });

  it('lists the retention periods that CloudWatch supports', () => {
    const days = (rowOf('logRetention')?.['limits']?.match(/\d+/g) ?? []).map(Number);
    expect(days).toEqual(Object.values(RetentionDays).filter((retention) => typeof retention === 'number'));
  });
});

function toNumber(text: string): number {
  return Number(text.replaceAll(',', ''));
}
