import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchChromium } from '../chromium';

const size = { width: 1440, height: 900 };
/** As wide as a README shows it, and no heavier. */
const deviceScaleFactor = 0.75;

/** Takes a picture of a whole page, as a PNG. */
export async function takeScreenshot(page: string, picture: string, executablePath: string): Promise<void> {
  const browser = await launchChromium(executablePath);
  try {
    const tab = await browser.newPage({ viewport: size, deviceScaleFactor, colorScheme: 'light' });
    await tab.goto(pathToFileURL(resolve(page)).href);
    await tab.screenshot({ path: picture, fullPage: true });
  } finally {
    await browser.close();
  }
}
