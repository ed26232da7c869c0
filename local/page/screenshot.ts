import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { makeJpeg } from 'sample-photos/jpeg';
import { parseWords, runCommand } from '../../cli/terminal/command';
import { cameraFlags, launchChromium, requireChromium } from '../chromium';
import { connectToS3, startPipeline } from '../pipeline/pipeline';
import { startStandIn } from '../start/choose-complycube';
import { refusedClientId } from '../start/sample-set';
import { servePage } from './serve-page';

const picturePath = join(__dirname, '..', '..', 'docs', 'page.png');

const help = `Takes the screenshot docs/page.png of the web page of npm start -- --serve.

  npm run screenshot

It shows two uploaded photos, one of them after a lost answer, and a refused one. Requires Chromium in PATH or at
CHROMIUM_PATH.

Options
  --help  print this

Exit status: 0 screenshot taken, 1 failure, 2 invalid command line.`;

async function main(words: readonly string[]): Promise<number> {
  const { values } = parseWords(words, { options: { help: { type: 'boolean', default: false } } });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const executable = requireChromium(process.env);
  const endings: (() => unknown)[] = [];
  try {
    const browser = await launchChromium(executable, cameraFlags);
    endings.push(() => browser.close());
    const url = await startAll((end) => endings.push(end));
    await takeScreenshot(browser, url);
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

async function takeScreenshot(browser: Browser, url: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'page-photos-'));
  try {
    const context = await browser.newContext({ viewport: { width: 1040, height: 900 }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(url);
    const sendAndWait = async (number: number): Promise<void> => {
      const path = join(folder, `portrait ${number}.jpg`);
      writeFileSync(path, makeJpeg({ bytes: 180_000, seed: number }));
      await page.getByLabel('Choose a file').setInputFiles(path);
      await page.getByRole('button', { name: 'Send the photo' }).click();
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
    await page.screenshot({ path: picturePath, fullPage: true });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void runCommand(main);
