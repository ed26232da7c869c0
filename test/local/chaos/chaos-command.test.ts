import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const run = (program: string, ...words: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', join('local', program, 'main.ts'), ...words], {
    cwd: join(__dirname, '..', '..', '..'),
    encoding: 'utf8',
  });

describe.each(['chaos', 'drain'])('npm run %s', (program) => {
  it('exits with 2 and prints one line for an invalid command line', () => {
    const { status, stdout, stderr } = run(program, '--photos', 'many');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^--photos must be a whole number from \d+ to 100000, not 'many'\n$/);
  });

  it('prints its help and exits with 0', () => {
    const { status, stdout } = run(program, '--help');
    expect(status).toBe(0);
    expect(stdout).toContain(`npm run ${program}`);
  });
});
