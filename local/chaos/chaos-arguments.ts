import { randomInt } from 'node:crypto';
import { UsageError } from '../../cli/command-error';
import { parseWhole, parseWords } from '../../cli/terminal/command';

/** The command line of `npm run chaos`. */
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
export const chaosHelp = `Runs the whole pipeline on this machine while everything around it fails, and counts the results.

  npm run chaos -- --photos 500 --seed 7

ComplyCube answers every kind of 4xx and 5xx, hangs, resets connections before and after it stored a photo, lists photos late,
gives odd answers and answers that must not be believed, does not know a client yet, and is out for ten minutes. S3, SQS, Secrets
Manager and EventBridge fail, hang and reset connections; a proxy answers for S3. Events come late, out of order, more than once,
in every shape and beside malformed ones. The function's processes are killed while they work, and their clocks differ. The API
key is rotated. Photo objects are deleted, overwritten, copied and tagged by others meanwhile, and rejected ones are redriven.
A second run without claims shows what claims are worth.

The seed decides which faults each photo meets. How the processes interleave depends on this machine, and differs from run to run.

Options
  --photos N               number of photos that the app puts, without those that overwrite others and copies (500)
  --seed N                 a whole number; default: a new one each time, which is printed
  --speed N                how many times faster outages, late events and waits in the queue pass (120)
  --requests-per-second N  ComplyCube's limit, and the number of photos that the app puts in a second (40)
  --claims on|off|both     which runs to make (both)
  --json                   print the results as JSON
  --logs                   print the function's log lines on standard error
  --help                   print this

Exit status: 0 with claims nothing was duplicated, lost, wrong or wrongly dead-lettered, 1 something was, 2 the command line is
wrong.`;

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
    // Two environments share it, and each needs at least one.
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
