import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { runCommand } from '../cli/terminal/command';
import { type BenchArguments, benchHelp, parseBenchArguments } from './bench-arguments';
import { renderChart } from './chart';
import { measureMemorySizes, renderMemorySizes } from './memory-sizes';
import type { Row } from './row';
import { measureBilled } from './rows/billed';
import { measureColdStarts } from './rows/cold';
import { measureGrowth } from './rows/growth';
import { measurePeakMemory } from './rows/peak-memory';
import { measureWall } from './rows/wall';
import { measureWarmCpu } from './rows/warm';
import { setStage, type Stage } from './stage';
import { renderTable } from './table';

/** Each group of rows, and how many rounds it takes for its spread to get small. */
const groups: readonly [(stage: Stage, rounds: number) => Promise<Row[]>, number][] = [
  [measureColdStarts, 21],
  [measureWarmCpu, 15],
  [measureWall, 15],
  [measurePeakMemory, 6],
  [measureBilled, 9],
  [measureGrowth, 24],
];
const memoryRounds = 6;

async function main(words: readonly string[]): Promise<number> {
  const asked = parseBenchArguments(words);
  if (asked === 'help') {
    console.log(benchHelp);
    return 0;
  }
  const stage = await setStage(note);
  try {
    if (asked.what === 'memory') await printMemorySizes(stage, asked);
    else await printTable(stage, asked);
  } finally {
    await stage.close();
  }
  return 0;
}

async function printTable(stage: Stage, { isQuick, isJson, chartPath }: BenchArguments): Promise<void> {
  const rows: Row[] = [];
  for (const [at, [measure, rounds]] of groups.entries()) {
    note(`Measuring, ${at + 1} of ${groups.length} …`);
    rows.push(...(await measure(stage, isQuick ? Math.ceil(rounds / 3) : rounds)));
  }
  if (isJson) console.log(JSON.stringify({ ...circumstances(stage), rows }, null, 2));
  else console.log(`${renderTable(rows)}\n\n${describeCircumstances(stage)}`);
  if (chartPath !== undefined) writeFileSync(chartPath, renderChart(rows));
}

async function printMemorySizes(stage: Stage, { isQuick, isJson }: BenchArguments): Promise<void> {
  note('Measuring memory sizes …');
  const sizes = await measureMemorySizes(stage, isQuick ? 2 : memoryRounds);
  if (isJson) console.log(JSON.stringify({ ...circumstances(stage), sizes }, null, 2));
  else console.log(`${renderMemorySizes(sizes)}\n\n${describeCircumstances(stage)}`);
}

/** What else the figures depend on: others' work on the machine makes them wider. */
function circumstances({ nodeVersion }: Stage) {
  const [load = 0] = loadavg();
  return { node: nodeVersion, platform: `${process.platform} ${process.arch}`, load: Number(load.toFixed(1)) };
}

function describeCircumstances(stage: Stage): string {
  const { node, platform, load } = circumstances(stage);
  return `Node ${node}, ${platform}, load ${load}. Medians; quartiles in parentheses.`;
}

function note(text: string): void {
  console.error(text);
}

void runCommand(main);
