import { UsageError } from '../../cli/command-error';
import { parseWords } from '../../cli/terminal/command';

/** Options of `npm run dashboard`. */
export interface DashboardArguments {
  /** Path of the page. */
  readonly out: string;
  /** Path of a screenshot in PNG format; undefined: no screenshot. */
  readonly screenshot: string | undefined;
}

/** The output of `--help`. */
export const dashboardHelp = `Draws the stack's dashboard from a local run, without AWS. The widgets and alarms come from the stack's template.

  npm run dashboard

The local pipeline runs for half a minute. Photos of every kind arrive while failures happen one after another: ComplyCube
limits the rate, has an outage, loses answers and requires payment. The page shows one second as five minutes. It is a single
HTML file.

Options
  --out FILE         path of the page (default: dist/dashboard.html)
  --screenshot FILE  also save a PNG of the page; requires Chromium in PATH or at CHROMIUM_PATH
  --help             print this

Exit status: 0 page written, 1 failure, 2 invalid command line.`;

/**
 * Parses the command line.
 * @returns `help` for `--help`.
 */
export function parseDashboardArguments(words: readonly string[]): DashboardArguments | 'help' {
  const { help, out, screenshot } = parse(words);
  if (help) return 'help';
  if (screenshot !== undefined && !screenshot.endsWith('.png')) {
    throw new UsageError(`--screenshot must end with .png, not '${screenshot}'`);
  }
  return { out, screenshot };
}

function parse(words: readonly string[]) {
  return parseWords(words, {
    options: {
      out: { type: 'string', default: 'dist/dashboard.html' },
      screenshot: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  }).values;
}
