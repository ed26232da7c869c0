import { S3Client } from '@aws-sdk/client-s3';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { cameraFlags, launchChromium, requireChromium } from '../chromium';
import { startStandIn } from '../start/choose-complycube';
import { runCommand } from '../../cli/terminal/command';
import { localCredentials, startPipeline } from '../pipeline/pipeline';
import { makeJpeg } from 'sample-photos/jpeg';
import { refusedClientId } from '../start/sample-set';
import { localAccount } from '../pipeline/template';
import { servePage } from './serve-page';

const picturePath = join(__dirname, '..', '..', 'docs', 'page.png');

/**
 * Photographs the page for the README, after photos have gone their way: two uploaded, one of them after its answer was lost, and
 * one refused.
 */
async function main(): Promise<number> {
  const executable = requireChromium(process.env);
  const endings: (() => unknown)[] = [];
  try {
    const browser = await launchChromium(executable, cameraFlags);
    endings.push(() => browser.close());
    const url = await startAll((end) => endings.push(end));
    await photograph(browser, url);
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
  const { region } = localAccount;
  const s3 = new S3Client({ region, endpoint: pipeline.s3.url, forcePathStyle: true, credentials: localCredentials });
  endWith(() => {
    s3.destroy();
  });
  page.open(pipeline, s3);
  return page.url;
}

async function photograph(browser: Browser, url: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'page-photos-'));
  try {
    const context = await browser.newContext({ viewport: { width: 1040, height: 900 }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(url);
    const send = async (number: number): Promise<void> => {
      const path = join(folder, `portrait ${number}.jpg`);
      writeFileSync(path, makeJpeg({ bytes: 180_000, seed: number }));
      await page.getByLabel('Choose a file').setInputFiles(path);
      await page.getByRole('button', { name: 'Send the photo' }).click();
      await areOver(page, number);
    };
    await send(1);
    await page.getByLabel('Client', { exact: true }).selectOption(refusedClientId);
    await send(2);
    await page.getByLabel('Client', { exact: true }).selectOption({ index: 0 });
    await page.getByRole('switch', { name: 'Lost answer' }).check();
    await send(3);
    await page.mouse.move(0, 0);
    await page.screenshot({ path: picturePath, fullPage: true });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Waits until so many photos have an outcome. */
async function areOver(page: Page, photos: number): Promise<void> {
  await page
    .locator('#recent .pill')
    .filter({ hasText: /^(uploaded|rejected)$/ })
    .nth(photos - 1)
    .waitFor();
}

void runCommand(main);
