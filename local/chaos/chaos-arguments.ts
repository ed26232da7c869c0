import { randomInt } from 'node:crypto';
import { UsageError } from '../../cli/command-error';
import { parseWhole, parseWords } from '../../cli/terminal/command';

/** Options of `npm run chaos`. */
export interface ChaosArguments {
  readonly photos: number;
  readonly seed: number;
  readonly speed: number;
  readonly requestsPerSecond: number;
  /** The runs in order. */
  readonly runs: readonly { readonly hasClaims: boolean }[];
  readonly isJson: boolean;
  readonly hasLogs: boolean;
}

/** The output of `--help`. */
export const chaosHelp = `Runs the whole pipeline on this machine while everything around it fails, and counts the results.

  npm run chaos -- --photos 500 --seed 7

ComplyCube answers with every kind of 4xx and 5xx, hangs, resets connections before and after it stores a photo, lists photos
late, sends malformed and false answers, does not know a new client yet, and has an outage of ten minutes. S3, SQS, Secrets
Manager and EventBridge fail, hang and reset connections. A proxy answers in place of S3. Events arrive late, out of order, more
than once, in every valid form and together with malformed ones. The function's processes are killed while they work, and their
clocks differ. The API key is rotated. Other programs delete, overwrite, copy and tag photo objects. Rejected ones are redriven.
Operators erase photos before, during and after their upload.
A second run without claims shows what claims prevent. It leaves out the photos that ComplyCube refuses until the function
rejects them: the function counts refusals in the claim, so these photos would be retried for days.

The seed determines the faults of each photo. The order in which processes run depends on this machine and differs each time.

Options
  --photos N               number of photos that the app uploads, without overwrites and copies (default: 500)
  --seed N                 a whole number (default: random; it is printed)
  --speed N                factor by which outages, delays of events and waits in the queue are shortened (default: 120)
  --requests-per-second N  ComplyCube's limit, and the number of photos that the app uploads per second (default: 40)
  --claims on|off|both     which runs to make (default: both)
  --json                   print the results as JSON
  --logs                   print the function's log lines on standard error
  --help                   print this

Exit status: 0 with claims nothing was duplicated, lost, wrong, erased incompletely or wrongly dead-lettered, 1 otherwise, 2 invalid command line.`;

const runsByClaims = {
  on: [{ hasClaims: true }],
  off: [{ hasClaims: false }],
  both: [{ hasClaims: true }, { hasClaims: false }],
} as const;

/**
 * Parses the command line.
 * @returns `help` for `--help`.
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
    // Two environments share the limit, and each needs at least one request per second.
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
