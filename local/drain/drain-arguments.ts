import { UsageError } from '../../cli/command-error';
import { parseWhole, parseWords } from '../../cli/terminal/command';
import { parseSize } from '../parse-size';
import { type DrainSettings, leastBacklogSeconds } from './drain-figures';
import { simulationOnly } from './simulate/simulate-arguments';

/** Options of `npm run drain`. */
export interface DrainArguments extends DrainSettings {
  /** The number of `--photos`, if the run needs more. */
  readonly tooFewPhotos?: number;
  readonly isJson: boolean;
}

/**
 * How long a drain lasts at least. The function's timeout is shortened, so that each execution environment ends an invocation
 * meanwhile. In a shorter run, these ends would weigh more than in production.
 */
const leastDrainSeconds = 200;

/** The output of `--help`. */
export const drainHelp = `Measures how much of ComplyCube's rate limit a backlog of photos uses, how often ComplyCube refuses a call, and what
Lambda costs.

  npm run drain
  npm run drain -- --latency-ms 2000
  npm run drain -- --requests-per-second 50 --concurrency 5
  npm run drain -- --vendor-limit 5
  npm run drain -- --simulate --help    a million photos in virtual time

Deploys the stack on this machine, uploads the photos, and then sends all their events to the queue. The stand-in for
ComplyCube refuses each call above the limit. Other work on the machine delays calls, so that some are refused: run nothing
else meanwhile.

Options
  --photos N               number of photos; with fewer than ${leastDrainSeconds} seconds of the limit allow, the run has that
                           many, so that each environment ends an invocation (default: that many)
  --size SIZE              of a photo: 40KB, 4MB or a number of bytes (default: 40KB)
  --requests-per-second N  the stack's setting (default: 10)
  --vendor-limit N         what ComplyCube allows in a second, at most the setting (default: the setting)
  --vendor-block SECONDS   for how long ComplyCube refuses everything after a call too many (default: 0)
  --concurrency N          number of execution environments (default: 2)
  --latency-ms N           ComplyCube's latency, from N to 1.5 × N (default: 200)
  --simulate               simulate instead; has other options: see --simulate --help
  --json                   print the result as JSON
  --help                   print this

Exit status: 0 all photos uploaded and the printed goals reached, 1 otherwise, 2 invalid command line. The goals:
  latency of at most 0.5 s, 1 s, 2 s, 5 s or more: 97 %, 96 %, 95 %, 90 % or 80 % of the limit, and fewer than 0.1 % of the calls
  answered with 429; at most $1.60 a million for photos of at most 40 KB and latencies of at most 2 s.
  --vendor-limit below the setting: 90 % of what ComplyCube allows, and fewer than 3 % of the calls answered with 429.
  --vendor-block: none; the figures are reported.
  In each run, at least two invocations end while there is a backlog.`;

/**
 * Parses the command line.
 * @returns `help` for `--help`.
 */
export function parseDrainArguments(words: readonly string[]): DrainArguments | 'help' {
  const values = parse(words);
  if (values.help) return 'help';
  for (const name of simulationOnly) {
    if (values[name] !== undefined) throw new UsageError(`--${name} is only for a simulation: add --simulate`);
  }
  const requestsPerSecond = parseWhole('requests-per-second', values['requests-per-second'], 2, 1_000);
  const vendorLimit = parseWhole(
    'vendor-limit',
    values['vendor-limit'] ?? `${requestsPerSecond}`,
    1,
    requestsPerSecond,
  );
  const leastPhotos = leastDrainSeconds * vendorLimit;
  const photos =
    values.photos === undefined
      ? leastPhotos
      : parseWhole('photos', values.photos, leastBacklogSeconds * vendorLimit, 100_000);
  return {
    photos: Math.max(photos, leastPhotos),
    ...(photos < leastPhotos && { tooFewPhotos: photos }),
    photoBytes: parseSize(values.size),
    requestsPerSecond,
    vendorLimit,
    vendorBlockSeconds: parseWhole('vendor-block', values['vendor-block'], 0, 3_600),
    concurrency: parseWhole('concurrency', values.concurrency, 2, requestsPerSecond),
    latencyMs: parseWhole('latency-ms', values['latency-ms'], 0, 15_000),
    isJson: values.json,
  };
}

function parse(words: readonly string[]) {
  return parseWords(words, {
    options: {
      photos: { type: 'string' },
      size: { type: 'string', default: '40KB' },
      'requests-per-second': { type: 'string', default: '10' },
      'vendor-limit': { type: 'string' },
      'vendor-block': { type: 'string', default: '0' },
      concurrency: { type: 'string', default: '2' },
      'latency-ms': { type: 'string', default: '200' },
      scenario: { type: 'string' },
      seed: { type: 'string' },
      chart: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values;
}
