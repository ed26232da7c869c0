import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { runCommand } from '../cli/terminal/command';
import { printFitted } from '../cli/terminal/terminal';
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
import { type Setup, startSetup } from './setup';
import { renderTable } from './table';

/** Each group of rows, with the number of rounds that makes its spread small. */
const groups: readonly [(setup: Setup, rounds: number) => Promise<Row[]>, number][] = [
  [measureColdStarts, 21],
  [measureWarmCpu, 15],
  [measureWall, 15],
  [measurePeakMemory, 6],
  [measureBilled, 9],
  [measureGrowth, 24],
];
const memoryRounds = 6;

async function main(words: readonly string[]): Promise<number> {
  const options = parseBenchArguments(words);
  if (options === 'help') {
    printFitted(benchHelp);
    return 0;
  }
  const setup = await startSetup(note);
  try {
    const { table, ...figures } = await (options.what === 'memory' ? measureMemory : measureRows)(setup, options);
    const { node, platform, load } = circumstances(setup);
    if (options.isJson) console.log(JSON.stringify({ node, platform, load, ...figures }, null, 2));
    else console.log(`${table}\n\nNode ${node}, ${platform}, load ${load}. Medians; quartiles in parentheses.`);
  } finally {
    await setup.close();
  }
  return 0;
}

async function measureRows(setup: Setup, { isQuick, chartPath }: BenchArguments) {
  const rows: Row[] = [];
  for (const [at, [measure, rounds]] of groups.entries()) {
    note(`Measuring, ${at + 1} of ${groups.length} …`);
    rows.push(...(await measure(setup, isQuick ? Math.ceil(rounds / 3) : rounds)));
  }
  if (chartPath !== undefined) writeFileSync(chartPath, renderChart(rows));
  return { rows, table: renderTable(rows) };
}

async function measureMemory(setup: Setup, { isQuick }: BenchArguments) {
  note('Measuring memory sizes …');
  const sizes = await measureMemorySizes(setup, isQuick ? 2 : memoryRounds);
  return { sizes, table: renderMemorySizes(sizes) };
}

/** Other work on the machine makes the spread larger, so the load is part of the result. */
function circumstances({ nodeVersion }: Setup) {
  const [load = 0] = loadavg();
  return { node: nodeVersion, platform: `${process.platform} ${process.arch}`, load: Number(load.toFixed(1)) };
}

function note(text: string): void {
  console.error(text);
}

void runCommand(main);
