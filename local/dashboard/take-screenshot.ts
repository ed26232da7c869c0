import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { UsageError } from '../command';

const size = { width: 1440, height: 900 };
/** As wide as a README shows it, and no heavier. */
const deviceScaleFactor = 0.75;

/**
 * Finds the browser that pictures are taken with; none is ever downloaded.
 * @throws UsageError when there is none.
 */
export function findChromium(variables = process.env): string {
  const path = variables['CHROMIUM'] ?? '/usr/bin/chromium';
  if (!existsSync(path)) throw new UsageError(`There is no Chromium at ${path}: set CHROMIUM to where it is`);
  return path;
}

/** Takes a picture of a whole page, as a PNG. */
export async function takeScreenshot(page: string, picture: string, executablePath: string): Promise<void> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const tab = await browser.newPage({ viewport: size, deviceScaleFactor, colorScheme: 'light' });
    await tab.goto(pathToFileURL(resolve(page)).href);
    await tab.screenshot({ path: picture, fullPage: true });
  } finally {
    await browser.close();
  }
}
