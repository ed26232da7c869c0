import { UsageError } from '../cli/command-error';
import { parseWords } from '../cli/terminal/command';

/** Options of `npm run bench`. */
export interface BenchArguments {
  /** The table of ratios, or the cost of each memory size. */
  readonly what: 'table' | 'memory';
  readonly isQuick: boolean;
  readonly isJson: boolean;
  /** File for the chart of the table; undefined: no chart. */
  readonly chartPath: string | undefined;
}

/** What `--help` prints. */
export const benchHelp = `Measures what the function costs compared with typical alternatives. Each figure is a ratio. Both sides are measured in turns, in
one run. The table shows medians and quartiles.

  npm run bench                              the table, in a few minutes; best on a machine without other load
  npm run bench -- --quick                   fewer rounds: a first look, not a result
  npm run bench -- --chart docs/bench.svg    the table, and a chart of it
  npm run bench -- --memory                  the cost of a million photos with 128 to 1,769 MB of memory

The first run installs the alternatives in bench/node_modules. On Linux it runs on Node 24 with the known flags of Lambda's
runtime, on other systems on the installed Node.

Options
  --memory      measure memory sizes instead of the table
  --quick       a third of the rounds
  --chart FILE  draw the table as SVG
  --json        print the results as JSON
  --help        print this

Exit status: 0 the measurement is complete, even if goals are missed; 1 it failed; 2 the command line is wrong.`;

/**
 * Reads the command line.
 * @returns `help` when `--help` is given.
 * @throws UsageError for unknown options or values.
 */
export function parseBenchArguments(words: readonly string[]): BenchArguments | 'help' {
  const { values } = parseWords(words, {
    options: {
      memory: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      chart: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const { chart } = values;
  if (chart !== undefined && !chart.endsWith('.svg')) {
    throw new UsageError(`--chart must name an .svg file, not '${chart}'`);
  }
  if (chart !== undefined && values.memory) throw new UsageError('--chart draws the table: omit --memory');
  return {
    what: values.memory ? 'memory' : 'table',
    isQuick: values.quick,
    isJson: values.json,
    chartPath: chart,
  };
}
