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
  afterAll(() => rmSync(folder, { recursive: true }));

  it('finds a program in PATH, but not a folder with that name', () => {
    expect(findChromium({ PATH: `/nowhere:${folder}` })).toBe(program);
  });

  it('uses the program in CHROMIUM_PATH', () => {
    expect(findChromium({ PATH: '', CHROMIUM_PATH: program })).toBe(program);
  });

  it('returns undefined if there is none', () => {
    expect(findChromium({ PATH: '/nowhere' })).toBeUndefined();
    expect(findChromium({ CHROMIUM_PATH: '' })).toBeUndefined();
  });

  it('fails if the program in CHROMIUM_PATH does not exist', () => {
    const find = () => findChromium({ PATH: folder, CHROMIUM_PATH: '/nowhere/chromium' });
    expect(find).toThrow(UsageError);
    expect(find).toThrow('CHROMIUM_PATH is /nowhere/chromium');
  });

  it('explains CHROMIUM_PATH to a command that requires it', () => {
    expect(requireChromium({ PATH: folder })).toBe(program);
    const find = () => requireChromium({ PATH: '/nowhere' });
    expect(find).toThrow(UsageError);
    expect(find).toThrow('CHROMIUM_PATH');
  });
});
