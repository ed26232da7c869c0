import { UsageError } from '../../cli/command-error';
import { parseWords } from '../../cli/terminal/command';

/** What `npm run dashboard` is asked to do. */
export interface DashboardArguments {
  /** Where the page goes. */
  readonly out: string;
  /** Where a picture of it goes, a PNG; undefined when none is asked for. */
  readonly screenshot: string | undefined;
}

/** What `--help` prints. */
export const dashboardHelp = `Draws the stack's dashboard from a run on this machine, without AWS: the same widgets and alarms, read from its template.

  npm run dashboard

The local pipeline runs for half a minute, in which photos of every kind arrive and things go wrong one after another: ComplyCube
limits the rate, is out, loses answers, asks for payment. One second is shown as five minutes. The page is one file, for any browser.

Options
  --out FILE         where the page goes (dist/dashboard.html)
  --screenshot FILE  a picture of it too, a PNG; needs Chromium, found in PATH or at CHROMIUM_PATH
  --help             print this

Exit status: 0 the page is drawn, 1 it isn't, 2 the command line is wrong.`;

/**
 * Reads the command line.
 * @returns `help` when it asks for help.
 * @throws UsageError for anything that is not as `--help` says.
 */
export function parseDashboardArguments(words: readonly string[]): DashboardArguments | 'help' {
  const { help, out, screenshot } = parse(words);
  if (help) return 'help';
  if (screenshot !== undefined && !screenshot.endsWith('.png')) {
    throw new UsageError(`--screenshot is a PNG: its name must end with .png, not '${screenshot}'`);
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
