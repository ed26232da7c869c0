import { parseWhole, parseWords } from '../../cli/terminal/command';
import { leastBacklogSeconds } from './drain-figures';
import type { DrainSettings } from './drain-run';

/** Options of `npm run drain`. */
export interface DrainArguments extends DrainSettings {
  readonly isJson: boolean;
}

/** The output of `--help`. */
export const drainHelp = `Measures how much of ComplyCube's rate limit a backlog of photos uses, and how often it exceeds the limit.

  npm run drain
  npm run drain -- --requests-per-second 50 --concurrency 5

Deploys the stack on this machine, uploads the photos, and then sends all their events to the queue. The stand-in for
ComplyCube refuses each call above the limit. Other work on the machine delays calls, so that some are refused: run nothing
else meanwhile.

Options
  --photos N               number of photos, 40 KB each, for at least ten seconds (default: 600)
  --requests-per-second N  ComplyCube's limit, and the stack's setting (default: 10)
  --concurrency N          number of execution environments (default: 2)
  --latency-ms N           ComplyCube's latency, from N to 1.5 × N (default: 200)
  --json                   print the result as JSON
  --help                   print this

Exit status: 0 at least 97 % of the limit used and fewer than 0.1 % of the calls answered with 429, 1 otherwise,
2 invalid command line.`;

/**
 * Parses the command line.
 * @returns `help` for `--help`.
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
