import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '..', '..', '..');
const realPrograms = ['bash', 'cat', 'cksum', 'cp', 'dirname', 'basename', 'mkdir', 'mktemp', 'mv', 'rm', 'tr'];

let folder: string;
/** The only folder in PATH. */
let programs: string;

/** Makes a program from a shell script. */
function fake(name: string, script: string): void {
  const path = join(programs, name);
  rmSync(path, { force: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runtime-skips-'));
  programs = join(folder, 'bin');
  mkdirSync(programs);
  for (const name of realPrograms) {
    symlinkSync(execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(programs, name));
  }
  symlinkSync(process.execPath, join(programs, 'node'));
  fake('uname', 'case $1 in -s) echo Linux ;; -m) echo x86_64 ;; esac');
  for (const name of ['cmake', 'g++', 'make', 'python3', 'npm']) fake(name, 'exit 0');
  fake('go', 'exit 1');
  fake('timeout', 'shift 2; exec "$@"');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs `npm run e2e:runtime` with these programs. @throws Error unless its exit status is 0. */
async function run(): Promise<{ stdout: string; stderr: string }> {
  const env = { PATH: programs, XDG_CACHE_HOME: join(folder, 'cache') };
  return promisify(execFile)('bash', ['e2e/runtime.sh'], { cwd: root, env });
}

const log = (): string => join(folder, 'cache', 'live-photos-runtime', 'build.log');

async function expectSkip(reason: string): Promise<void> {
  await expect(run()).resolves.toEqual({ stdout: `Skipped AWS's runtime client: ${reason}\n`, stderr: '' });
}

describe('the proof on AWS’s runtime client is skipped in one line', () => {
  it.each([
    ['macOS', 'case $1 in -s) echo Darwin ;; -m) echo arm64 ;; esac'],
    ['another processor', 'case $1 in -s) echo Linux ;; -m) echo armv7l ;; esac'],
  ])('on %s', async (_, uname) => {
    fake('uname', uname);
    await expectSkip('it can be built only on Linux with x64 or arm64');
  });

  it.each(['cmake', 'g++', 'make', 'python3'])('without %s', async (tool) => {
    rmSync(join(programs, tool));
    await expectSkip(`${tool} is missing, and the client is built from source`);
  });

  it.each([
    ['npm installs nothing, such as without a network', 'exit 1'],
    ['the build fails', 'case $1 in install) exit 0 ;; *) exit 1 ;; esac'],
    ['the build makes no client', 'exit 0'],
  ])('when %s', async (_, npm) => {
    fake('npm', npm);
    await expectSkip(`it could not be installed or built, see ${log()}`);
  });

  it('when the build reaches its time limit', async () => {
    fake('timeout', 'exit 124');
    await expectSkip(`its build did not end within 7 minutes, see ${log()}`);
  });

  it('when the cache can’t be written', async () => {
    writeFileSync(join(folder, 'cache'), '');
    await expectSkip(`${join(folder, 'cache')}/live-photos-runtime can't be written`);
  });
});
