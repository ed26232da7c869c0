import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * Finds this machine's Chromium: the one that `CHROMIUM_PATH` names, or else one in `PATH`. None is ever downloaded.
 * @returns its path; undefined when there is none.
 * @throws when `CHROMIUM_PATH` names no program.
 */
export function findChromium({ CHROMIUM_PATH: named, PATH = '' }: NodeJS.ProcessEnv): string | undefined {
  if (named !== undefined && named !== '') {
    if (!isProgram(named)) throw new Error(`CHROMIUM_PATH is ${named}: there is no program of that name`);
    return named;
  }
  const candidates = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return candidates.find(isProgram);
}

/**
 * Starts Chromium without a window, with a camera that shows a moving picture and that every page may use.
 * @param executablePath what {@link findChromium} found.
 */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      // Chromium's sandbox refuses to run as root, as in many a container.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
