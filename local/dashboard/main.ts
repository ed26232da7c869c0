import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { requireChromium } from '../chromium';
import { readAlarms } from '../cloudwatch/alarms';
import { readDashboard } from '../cloudwatch/dashboard';
import { abortOnInterrupt, runCommand } from '../../cli/terminal/command';
import { synthesize } from '../pipeline/synthesize';
import { type DashboardArguments, dashboardHelp, parseDashboardArguments } from './dashboard-arguments';
import { drawPage } from './draw-page';
import { runStage, type StagedRun } from './dashboard-run';
import { takeScreenshot } from './take-screenshot';

const exitStatus = { drawn: 0, notDrawn: 1 } as const;

async function main(words: readonly string[]): Promise<number> {
  const asked = parseDashboardArguments(words);
  if (asked === 'help') {
    console.log(dashboardHelp);
    return exitStatus.drawn;
  }
  // Before half a minute is spent.
  const chromium = asked.screenshot === undefined ? undefined : requireChromium(process.env);
  write(asked, draw(await run()));
  console.log(asked.out);
  if (asked.screenshot !== undefined && chromium !== undefined) {
    mkdirSync(dirname(asked.screenshot), { recursive: true });
    await takeScreenshot(asked.out, asked.screenshot, chromium);
    console.log(asked.screenshot);
  }
  return exitStatus.drawn;
}

async function run(): Promise<StagedRun> {
  const folder = mkdtempSync(join(tmpdir(), 'live-photos-'));
  try {
    return await runStage({ stack: synthesize(join(folder, 'cdk.out')), onProgress, signal: abortOnInterrupt() });
  } finally {
    clearProgress();
    rmSync(folder, { recursive: true });
  }
}

function draw({ watched, span }: StagedRun): string {
  const { template } = watched.pipeline.deployment;
  return drawPage(readDashboard(template), { store: watched.metrics, alarms: readAlarms(template), span });
}

function write({ out }: DashboardArguments, page: string): void {
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, page);
}

/** On a terminal only: one line, written over again and again. */
function onProgress(share: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[KRunning the pipeline: ${Math.round(share * 100)} %`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
}

void runCommand(main);
