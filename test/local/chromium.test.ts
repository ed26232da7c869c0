import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium, requireChromium } from '../../local/chromium';
import { UsageError } from '../../cli/command-error';

describe('the search for Chromium', () => {
  let folder: string;
  let program: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'chromium-test-'));
    program = join(folder, 'google-chrome');
    writeFileSync(program, '');
    chmodSync(program, 0o755);
    mkdirSync(join(folder, 'chromium'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('finds a program in PATH, and no folder of that name', () => {
    expect(findChromium({ PATH: `/nowhere:${folder}` })).toBe(program);
  });

  it('takes the one that is named', () => {
    expect(findChromium({ PATH: '', CHROMIUM_PATH: program })).toBe(program);
  });

  it('finds none where there is none', () => {
    expect(findChromium({ PATH: '/nowhere' })).toBeUndefined();
    expect(findChromium({ CHROMIUM_PATH: '' })).toBeUndefined();
  });

  it('does not pass over one that is named and not there', () => {
    const find = () => findChromium({ PATH: folder, CHROMIUM_PATH: '/nowhere/chromium' });
    expect(find).toThrow(UsageError);
    expect(find).toThrow('CHROMIUM_PATH is /nowhere/chromium');
  });

  it('says how to name one to a command that can’t do without', () => {
    expect(requireChromium({ PATH: folder })).toBe(program);
    const find = () => requireChromium({ PATH: '/nowhere' });
    expect(find).toThrow(UsageError);
    expect(find).toThrow('CHROMIUM_PATH');
  });
});
