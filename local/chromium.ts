import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { UsageError } from '../cli/command-error';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Flags for a fake camera that every page is allowed to use. */
export const cameraFlags = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] as const;

/**
 * Finds Chromium at `CHROMIUM_PATH` or in `PATH`. Never downloads it.
 * @returns its path; undefined if it is not installed.
 * @throws UsageError if `CHROMIUM_PATH` is not a program.
 */
export function findChromium({ CHROMIUM_PATH: named, PATH = '' }: NodeJS.ProcessEnv): string | undefined {
  if (named !== undefined && named !== '') {
    if (!isProgram(named)) throw new UsageError(`CHROMIUM_PATH is ${named}, which is not a program`);
    return named;
  }
  const candidates = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return candidates.find(isProgram);
}

/**
 * Like {@link findChromium}, for commands that require it.
 * @throws UsageError if it is not installed.
 */
export function requireChromium(variables: NodeJS.ProcessEnv): string {
  const executable = findChromium(variables);
  if (executable !== undefined) return executable;
  throw new UsageError('Chromium is not in PATH. Install it or set CHROMIUM_PATH');
}

/**
 * Starts Chromium without a window.
 * @param executablePath from {@link findChromium}.
 * @param flags command-line flags of Chromium, such as {@link cameraFlags}.
 */
export function launchChromium(executablePath: string, flags: readonly string[] = []): Promise<Browser> {
  // Chromium's sandbox refuses to run as root, which is common in containers.
  const rootFlags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args: [...flags, ...rootFlags] });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
