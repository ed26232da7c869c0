import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { installPythonTools, MissingProgramError, requireProgram } from '../../e2e/python-tools';

let folder: string;
let installs: (readonly string[])[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'live-photos-python-test-'));
  installs = [];
  mkdirSync(join(folder, 'path'));
  writeFileSync(join(folder, 'requirements.txt'), 'one==1.0\ntwo==2.0\n');
  writePython();
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A Python whose environments hold another one, and which notes how it was called. */
function writePython(pip = 'exit 0'): void {
  const python = `#!/bin/sh
echo "$@" >> '${join(folder, 'calls')}'
case "$2" in
  venv) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  pip) ${pip} ;;
esac
`;
  writeFileSync(join(folder, 'path', 'python3'), python, { mode: 0o755 });
}

const environment = () => join(folder, 'venv');
const path = () => [join(folder, 'path'), '/bin', '/usr/bin'].join(delimiter);

function install(signal = new AbortController().signal, PATH = path()): Promise<string> {
  return installPythonTools({
    environment: environment(),
    requirements: join(folder, 'requirements.txt'),
    signal,
    variables: { PATH },
    onInstall: (packages) => installs.push(packages),
  });
}

/** What Python was called for: `venv` or `pip`. */
function calls(): string[] {
  const lines = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
  return lines.map((line) => line.split(' ')[1] ?? '');
}

describe('Python’s tools', () => {
  it('are installed into an environment of their own, once', async () => {
    expect(await install()).toBe(join(environment(), 'bin'));
    expect(await install()).toBe(join(environment(), 'bin'));
    expect(calls()).toEqual(['venv', 'pip']);
    expect(installs).toEqual([['one==1.0', 'two==2.0']]);
  });

  it('are installed anew when others are required', async () => {
    await install();
    writeFileSync(join(environment(), 'bin', 'old-tool'), '');
    writeFileSync(join(folder, 'requirements.txt'), 'one==1.1\n');
    await install();
    expect(calls()).toEqual(['venv', 'pip', 'venv', 'pip']);
    expect(existsSync(join(environment(), 'bin', 'old-tool'))).toBe(false);
  });

  it('are installed anew when their Python is gone', async () => {
    await install();
    rmSync(join(environment(), 'bin', 'python'));
    await install();
    expect(calls()).toEqual(['venv', 'pip', 'venv', 'pip']);
  });

  it('that could not be installed are told of with pip’s last word, and tried again the next time', async () => {
    writePython('echo "Looking" >&2; echo "ERROR: No matching distribution found for one==1.0" >&2; exit 1');
    const failing = install();
    await expect(failing).rejects.toThrow(MissingProgramError);
    await expect(failing).rejects.toThrow('python -m pip failed: ERROR: No matching distribution found for one==1.0');
    writePython();
    await install();
    expect(calls()).toEqual(['venv', 'pip', 'venv', 'pip']);
  });

  it('can not be had without Python', async () => {
    const missing = install(undefined, join(folder, 'no-such-folder'));
    await expect(missing).rejects.toThrow(MissingProgramError);
    await expect(missing).rejects.toThrow(/^python3 can't be had \(.*ENOENT/);
  });

  it('are given up on interruption', async () => {
    writePython('exec sleep 600');
    const interruption = new AbortController();
    const installing = install(interruption.signal);
    while (installs.length === 0) await new Promise(setImmediate);
    interruption.abort();
    await expect(installing).rejects.toThrow(MissingProgramError);
  });
});

describe('a program that is required', () => {
  it('is missing when it fails', async () => {
    const edges = { signal: new AbortController().signal, variables: { PATH: path() } };
    await requireProgram('true', [], edges);
    await expect(requireProgram('false', [], edges)).rejects.toThrow(MissingProgramError);
  });
});
