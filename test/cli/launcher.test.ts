import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin } from '../../package.json';
import { helpAbout } from '../../cli/options';

const root = join(__dirname, '..', '..');

/** Runs what the package's command is, from a folder of the person's own. */
function launch(...words: readonly string[]) {
  const isForeign = (name: string): boolean => name.startsWith('AWS_');
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isForeign(name)));
  const nowhere = join(tmpdir(), 'no-such-file');
  const env = {
    ...own,
    AWS_CONFIG_FILE: nowhere,
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  return spawnSync(process.execPath, [join(root, bin['live-photos']), ...words], {
    cwd: tmpdir(),
    env,
    encoding: 'utf8',
  });
}

describe('the command', () => {
  it('runs from source in a clone, wherever it is called from', () => {
    expect(launch('--help')).toMatchObject({ status: 0, stdout: `${helpAbout(undefined)}\n`, stderr: '' });
  });

  it('ends with status 2 and one line when the command line is wrong', () => {
    const { status, stdout, stderr } = launch('heal');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^There is no command heal: [^\n]+\n$/);
  });

  it('ends with status 1 and one line when there is no AWS to ask', () => {
    const { status, stdout, stderr } = launch('doctor');
    expect({ status, stdout, stderr }).toEqual({
      ...{ status: 1, stdout: '' },
      stderr: 'No AWS region is set: set AWS_REGION, or a profile that has one\n',
    });
  });
});
