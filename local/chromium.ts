import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { UsageError } from '../cli/command-error';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Gives Chromium a camera that shows a moving picture and that every page may use. */
export const cameraFlags = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] as const;

/**
 * Finds this machine's Chromium: the one that `CHROMIUM_PATH` names, or else one in `PATH`. None is ever downloaded.
 * @returns its path; undefined when there is none.
 * @throws UsageError when `CHROMIUM_PATH` names no program.
 */
export function findChromium({ CHROMIUM_PATH: named, PATH = '' }: NodeJS.ProcessEnv): string | undefined {
  if (named !== undefined && named !== '') {
    if (!isProgram(named)) throw new UsageError(`CHROMIUM_PATH is ${named}: there is no program of that name`);
    return named;
  }
  const candidates = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return candidates.find(isProgram);
}

/**
 * Finds this machine's Chromium for a command that can't do without.
 * @throws UsageError when there is none.
 */
export function requireChromium(variables: NodeJS.ProcessEnv): string {
  const executable = findChromium(variables);
  if (executable !== undefined) return executable;
  throw new UsageError('There is no Chromium in PATH: install it, or name it in CHROMIUM_PATH');
}

/**
 * Starts Chromium without a window.
 * @param executablePath what {@link findChromium} found.
 * @param flags Chromium's own, such as {@link cameraFlags}.
 */
export function launchChromium(executablePath: string, flags: readonly string[] = []): Promise<Browser> {
  // Chromium's sandbox refuses to run as root, as in many a container.
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
