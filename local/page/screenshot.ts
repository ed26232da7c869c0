import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { parseWords, runCommand } from '../../cli/terminal/command';
import { printFitted } from '../../cli/terminal/terminal';
import { cameraFlags, launchChromium, requireChromium } from '../chromium';
import { connectToS3, startPipeline } from '../pipeline/pipeline';
import { startStandIn } from '../start/choose-complycube';
import { refusedClientId } from '../start/sample-set';
import { servePage } from './serve-page';

const docs = join(__dirname, '..', '..', 'docs');

const screens = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };

const help = `Takes screenshots of the web page of npm start -- --serve, for a desktop and a phone, light and dark:
docs/page-*.png.

  npm run screenshot

They show two uploaded photos, one of them after a lost answer, and a refused one. Requires Chromium in PATH or at
CHROMIUM_PATH.

Options
  --help  print this

Exit status: 0 screenshots taken, 1 failure, 2 invalid command line.`;

async function main(words: readonly string[]): Promise<number> {
  const { values } = parseWords(words, { options: { help: { type: 'boolean', default: false } } });
  if (values.help) {
    printFitted(help);
    return 0;
  }
  const executable = requireChromium(process.env);
  const endings: (() => unknown)[] = [];
  try {
    const browser = await launchChromium(executable, cameraFlags);
    endings.push(() => browser.close());
    const url = await startAll((end) => endings.push(end));
    await takeScreenshots(browser, url);
  } finally {
    for (let end = endings.pop(); end !== undefined; end = endings.pop()) await end();
  }
  return 0;
}

/** @returns the page's URL. */
async function startAll(endWith: (end: () => unknown) => void): Promise<string> {
  const complyCube = await startStandIn(false);
  endWith(() => complyCube.close());
  const page = await servePage(complyCube);
  endWith(() => page.close());
  const { access, waitSpeed } = complyCube;
  const pipeline = await startPipeline({
    complyCube: access,
    waitSpeed,
    ...page.pipelineOptions,
    onLogLine: page.logLine,
  });
  endWith(() => pipeline.stop());
  const s3 = connectToS3(pipeline);
  endWith(() => s3.destroy());
  page.open(pipeline, s3);
  return page.url;
}

async function takeScreenshots(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ reducedMotion: 'reduce' });
  await page.goto(url);
  const sendAndWait = async (number: number): Promise<void> => {
    await page.getByRole('button', { name: 'Use a sample photo' }).click();
    await page.locator('#send[aria-disabled="false"]').click();
    const outcomes = page.locator('#recent .pill').filter({ hasText: /^(uploaded|rejected)$/ });
    await outcomes.nth(number - 1).waitFor();
  };
  const client = page.getByLabel('Client', { exact: true });
  await sendAndWait(1);
  await client.selectOption(refusedClientId);
  await sendAndWait(2);
  await client.selectOption({ index: 0 });
  await page.getByRole('switch', { name: 'Lost answer' }).check();
  await sendAndWait(3);
  await page.mouse.move(0, 0);
  for (const [screen, viewport] of Object.entries(screens)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(docs, `page-${screen}-${colorScheme}.png`), fullPage: true });
    }
  }
}

void runCommand(main);
