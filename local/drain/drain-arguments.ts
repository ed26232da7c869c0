import { parseWhole, parseWords } from '../../cli/terminal/command';
import { leastBacklogSeconds } from './drain-figures';
import type { DrainSettings } from './drain-run';

/** What `npm run drain` is asked to do. */
export interface DrainArguments extends DrainSettings {
  readonly isJson: boolean;
}

/** What `--help` prints. */
export const drainHelp = `Measures how much of ComplyCube's limit a backlog of photos uses, and how often it is exceeded.

  npm run drain
  npm run drain -- --requests-per-second 50 --concurrency 5

Deploys the stack on this machine with its own settings, puts the photos, and only then lets their events into the queue. The
stand-in for ComplyCube refuses, as a hard limit, every call beyond what the stack is set to. A machine that is busy with other
things delays calls, and so gets some refused: let it do nothing else.

Options
  --photos N               how many photos, of 40 KB each, ten seconds' worth or more (600)
  --requests-per-second N  what ComplyCube allows, and what the stack is set to (10)
  --concurrency N          execution environments that work at the same time (2)
  --latency-ms N           how long ComplyCube takes for an answer, at times half as much again (200)
  --json                   print the result as JSON
  --help                   print this

Exit status: 0 at least 97 % of the limit was used and fewer than 0.1 % of the calls were answered 429, 1 not so, 2 the
command line is wrong.`;

/**
 * Reads the command line.
 * @returns `help` when it asks for help.
 * @throws UsageError for anything that is not as `--help` says.
 */
export function parseDrainArguments(words: readonly string[]): DrainArguments | 'help' {
  const values = parse(words);
  if (values.help) return 'help';
  const requestsPerSecond = parseWhole('requests-per-second', values['requests-per-second'], 2, 1_000);
  return {
    photos: parseWhole('photos', values.photos, leastBacklogSeconds * requestsPerSecond, 100_000),
    requestsPerSecond,
    concurrency: parseWhole('concurrency', values.concurrency, 2, requestsPerSecond),
    latencyMs: parseWhole('latency-ms', values['latency-ms'], 0, 20_000),
    isJson: values.json,
  };
}

function parse(words: readonly string[]) {
  return parseWords(words, {
    options: {
      photos: { type: 'string', default: '600' },
      'requests-per-second': { type: 'string', default: '10' },
      concurrency: { type: 'string', default: '2' },
      'latency-ms': { type: 'string', default: '200' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values;
}
