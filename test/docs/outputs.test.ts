import { describe, expect, it } from '@jest/globals';
import { readSettings } from '../../bin/settings';
import { stackOutputs } from '../../contract/stack-outputs';
import { synthesize } from '../lib/stacks';
import { codeOf, codesOf, readTable } from './tables';

const rows = readTable('docs/deploying.md', 'Outputs');
const values: Readonly<Record<string, string>> = { alarmEmail: 'a@example.com', existingBucket: 'photos-of-kyc' };

/** The names of the outputs that the table says the stack has with these settings. */
function documentedWith(settings: readonly string[]): (string | undefined)[] {
  const exists = (when = ''): boolean => {
    const [setting = ''] = codesOf(when);
    if (when === 'always') return true;
    return when.startsWith('with ') ? settings.includes(setting) : !settings.includes(setting);
  };
  return rows.filter((row) => exists(row['exists'])).map((row) => codeOf(row['output']));
}

describe('the table of outputs', () => {
  it('has one row for each output', () => {
    expect(rows.map((row) => codeOf(row['output'])).sort()).toEqual(Object.keys(stackOutputs).sort());
  });

  it.each([[[]], [['alarmEmail']], [['existingBucket']], [['alarmEmail', 'existingBucket']]])(
    'names the outputs of the stack with the settings %j',
    (settings: readonly string[]) => {
      const template = synthesize(readSettings(Object.fromEntries(settings.map((name) => [name, values[name]]))));
      expect(documentedWith(settings).sort()).toEqual(Object.keys(template.findOutputs('*')).sort());
    },
  );
});
