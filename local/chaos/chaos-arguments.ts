import { randomInt } from 'node:crypto';
import { parseWhole, parseWords, UsageError } from '../command';

/** What `npm run chaos` is asked to do. */
export interface ChaosArguments {
  readonly photos: number;
  readonly seed: number;
  readonly speed: number;
  readonly requestsPerSecond: number;
  /** Which runs, in their order: with claims, without. */
  readonly runs: readonly { readonly hasClaims: boolean }[];
  readonly isJson: boolean;
  readonly hasLogs: boolean;
}

/** What `--help` prints. */
export const chaosHelp = `Runs the whole pipeline on this machine while everything around it fails, and counts what came of it.

  npm run chaos -- --photos 500 --seed 7

ComplyCube answers 429, 500, 502 and 503, hangs, breaks connections before and after it stored a photo, and is out for ten
minutes; S3 answers 500 and SlowDown, delivers events late, out of order and more than once; the function's processes are
killed in the middle of their work; the API key is rotated; photo objects are deleted and overwritten under way.
The same again without claims shows what they are worth.

The seed decides what goes wrong with which photo, and when, as live photos made so far. How the processes interleave is this
machine's doing, and differs from run to run.

Options
  --photos N               how many photos the app puts, besides those that overwrite others (500)
  --seed N                 a whole number; left out, a new one each time, which is printed
  --speed N                how many times faster outages, late events and waits in the queue pass (120)
  --requests-per-second N  what ComplyCube allows; the app puts as many photos (40)
  --claims on|off|both     which runs to make (both)
  --json                   print the results as JSON
  --logs                   print the function's log lines on standard error
  --help                   print this

Exit status: 0 with claims nothing was duplicated, lost or wrong, 1 something was, 2 the command line is wrong.`;

const runsByClaims = {
  on: [{ hasClaims: true }],
  off: [{ hasClaims: false }],
  both: [{ hasClaims: true }, { hasClaims: false }],
} as const;

/**
 * Reads the command line.
 * @returns `help` when it asks for help.
 * @throws UsageError for anything that is not as `--help` says.
 */
export function parseChaosArguments(words: readonly string[]): ChaosArguments | 'help' {
  const values = parse(words);
  if (values.help) return 'help';
  const { claims } = values;
  if (claims !== 'on' && claims !== 'off' && claims !== 'both') {
    throw new UsageError(`--claims must be on, off or both, not '${claims}'`);
  }
  return {
    photos: parseWhole('photos', values.photos, 1, 100_000),
    seed: values.seed === undefined ? randomInt(1_000_000) : parseWhole('seed', values.seed, 0, 2 ** 32 - 1),
    speed: parseWhole('speed', values.speed, 1, 10_000),
    // Two environments share it, and neither may have none.
    requestsPerSecond: parseWhole('requests-per-second', values['requests-per-second'], 2, 1_000),
    runs: runsByClaims[claims],
    isJson: values.json,
    hasLogs: values.logs,
  };
}

function parse(words: readonly string[]) {
  return parseWords(words, {
    options: {
      photos: { type: 'string', default: '500' },
      seed: { type: 'string' },
      speed: { type: 'string', default: '120' },
      'requests-per-second': { type: 'string', default: '40' },
      claims: { type: 'string', default: 'both' },
      json: { type: 'boolean', default: false },
      logs: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values;
}
