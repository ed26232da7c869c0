import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin } from '../../cli/package.json';
import { renderHelp } from '../../cli/help';

const cli = join(__dirname, '..', '..', 'cli');

/** Runs the package's command in a folder outside of the repository, without AWS settings. */
function launch(...words: readonly string[]) {
  const isAws = (name: string): boolean => name.startsWith('AWS_');
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isAws(name)));
  const nowhere = join(tmpdir(), 'no-such-file');
  const env = {
    ...environment,
    AWS_CONFIG_FILE: nowhere,
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  return spawnSync(process.execPath, [join(cli, bin['live-photos']), ...words], {
    cwd: tmpdir(),
    env,
    encoding: 'utf8',
  });
}

describe('live-photos', () => {
  it('runs from source in a clone, in any working directory', () => {
    expect(launch('--help')).toMatchObject({ status: 0, stdout: `${renderHelp([])}\n`, stderr: '' });
  });

  it('exits with 2 and one line if the command line is wrong', () => {
    const { status, stdout, stderr } = launch('heal');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^There is no command heal: [^\n]+\n$/);
  });

  it('exits with 1 and one line if no AWS region is set', () => {
    const { status, stdout, stderr } = launch('doctor');
    expect({ status, stdout, stderr }).toEqual({
      ...{ status: 1, stdout: '' },
      stderr: 'No AWS region is set: set AWS_REGION, or use a profile with a region\n',
    });
  });
});
