import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { abortOnInterrupt, runCommand } from '../../cli/terminal/command';
import { printFitted } from '../../cli/terminal/terminal';
import { launchChromium, requireChromium } from '../chromium';
import { readAlarms } from '../cloudwatch/alarms';
import { readDashboard } from '../cloudwatch/dashboard';
import { RunProgress } from '../run-progress';
import { dashboardHelp, parseDashboardArguments } from './dashboard-arguments';
import { type DashboardRun, runScenes } from './dashboard-run';
import { drawPage } from './draw-page';
import { runMinutes } from './scenes';

async function main(words: readonly string[]): Promise<number> {
  const options = parseDashboardArguments(words);
  if (options === 'help') {
    printFitted(dashboardHelp);
    return 0;
  }
  const { out, screenshot } = options;
  // Fails here, before the run of half a minute, if Chromium is missing.
  const chromium = screenshot === undefined ? undefined : requireChromium(process.env);
  const progress = new RunProgress(runMinutes, 'simulated minutes');
  const run = await runScenes({ onProgress: progress.update, signal: abortOnInterrupt() }).finally(() =>
    progress.clear(),
  );
  write(out, draw(run));
  if (screenshot !== undefined && chromium !== undefined) await takeScreenshot(out, screenshot, chromium);
  return 0;
}

function draw({ watched, span }: DashboardRun): string {
  const { template } = watched.pipeline.deployment;
  return drawPage(readDashboard(template), { store: watched.metrics, alarms: readAlarms(template), span });
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  console.log(path);
}

/** Saves a picture of the whole page, scaled down to the width at which documentation shows it. */
async function takeScreenshot(page: string, path: string, executablePath: string): Promise<void> {
  const browser = await launchChromium(executablePath);
  try {
    const viewport = { width: 1440, height: 900 };
    const tab = await browser.newPage({ viewport, deviceScaleFactor: 0.75, colorScheme: 'light' });
    await tab.goto(pathToFileURL(resolve(page)).href);
    write(path, await tab.screenshot({ fullPage: true }));
  } finally {
    await browser.close();
  }
}

void runCommand(main);
