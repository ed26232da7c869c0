import { UsageError } from '../cli/command-error';
import { parseWords } from '../cli/terminal/command';

/** What `npm run bench` is asked to do. */
export interface BenchArguments {
  /** The table of ratios, or the cost of each memory size. */
  readonly what: 'table' | 'memory';
  readonly isQuick: boolean;
  readonly isJson: boolean;
  /** Where to draw the table's chart; undefined: nowhere. */
  readonly chartPath: string | undefined;
}

/** What `--help` prints. */
export const benchHelp = `Measures the function against what one would otherwise write: each figure as a ratio of figures that were measured in turns in
one run, with its median and its quartiles.

  npm run bench                              the table; a few minutes, best on a machine that does nothing else
  npm run bench -- --quick                   fewer rounds: for a look, not for a conclusion
  npm run bench -- --chart docs/bench.svg    the table, and a chart of it
  npm run bench -- --memory                  what a million photos cost with 128 to 1,769 MB of memory

What it compares with is installed below bench/node_modules at its first run. It runs on Node 24, which comes along on Linux,
with the flags of Lambda's runtime as far as they are known; elsewhere on this machine's Node.

Options
  --memory      measure memory sizes in place of the table
  --quick       a third of the rounds
  --chart FILE  draw the table as SVG
  --json        print the results as JSON
  --help        print this

Exit status: 0 when it measured, whether or not the goals were reached, 1 when it could not, 2 the command line is wrong.`;

/**
 * Reads the command line.
 * @returns `help` when it asks for help.
 * @throws UsageError for anything that is not as `--help` says.
 */
export function parseBenchArguments(words: readonly string[]): BenchArguments | 'help' {
  const values = parse(words);
  if (values.help) return 'help';
  const { chart } = values;
  if (chart !== undefined && !chart.endsWith('.svg'))
    throw new UsageError(`--chart must name an .svg file, not '${chart}'`);
  if (chart !== undefined && values.memory)
    throw new UsageError('--chart draws the table: it does not go with --memory');
  return {
    what: values.memory ? 'memory' : 'table',
    isQuick: values.quick,
    isJson: values.json,
    chartPath: chart,
  };
}

function parse(words: readonly string[]) {
  return parseWords(words, {
    options: {
      memory: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      chart: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values;
}
