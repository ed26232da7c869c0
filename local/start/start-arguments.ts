import { UsageError } from '../../cli/command-error';
import { parseWords } from '../../cli/terminal/command';

/** Options of `npm start`. */
export interface StartArguments {
  /** Undefined: the command line names no photos. */
  readonly own: OwnPhotos | undefined;
  readonly isReal: boolean;
  readonly isServing: boolean;
  readonly isJson: boolean;
  readonly hasLogs: boolean;
}

/** Photos that are named on the command line. */
export interface OwnPhotos {
  /** Files and folders, at least one. */
  readonly paths: readonly string[];
  readonly clientId: string;
}

/** The output of `--help`. */
export const startHelp = `Runs the whole pipeline on this machine: S3, SQS, Secrets Manager, EventBridge, the Lambda function's bundle, and ComplyCube.

  npm start                                     uploads sample photos for each possible outcome
  npm start -- PHOTO… --client-id ID            uploads your own photos; a folder means all photos in it
  npm start -- PHOTO… --client-id ID --real     the same, sent to ComplyCube's API with the key in COMPLYCUBE_API_KEY
  npm start -- --serve                          keeps running, with a web page and endpoints for the aws command
  npm start -- PHOTO… --client-id ID --serve    uploads your own photos, then keeps running

Options
  --client-id ID  the photos' ComplyCube client; required with PHOTO
  --real          use ComplyCube's API instead of the stand-in; live photos can cost money
  --serve         keep the pipeline running; Ctrl-C stops it
  --json          print the results as JSON
  --logs          print the function's log lines on standard error
  --help          print this

Environment variables
  COMPLYCUBE_API_KEY   the API key for --real
  COMPLYCUBE_BASE_URL  the API's URL for --real (default: https://api.complycube.com/v1)
  NO_COLOR             disables colours

Exit status: 0 all photos had the expected outcome, 1 some did not, 2 invalid command line.`;

/**
 * Parses the command line.
 * @returns `help` for `--help`.
 */
export function parseStartArguments(words: readonly string[]): StartArguments | 'help' {
  const { values, positionals: paths } = parse(words);
  if (values.help) return 'help';
  if (values.real && paths.length === 0 && !values.serve) {
    throw new UsageError('--real requires a PHOTO or --serve: the sample photos are only for the stand-in');
  }
  if (values.serve && values.json) {
    throw new UsageError('--json can’t be combined with --serve');
  }
  return {
    own: parseOwnPhotos(paths, values['client-id']),
    isReal: values.real,
    isServing: values.serve,
    isJson: values.json,
    hasLogs: values.logs,
  };
}

function parseOwnPhotos(paths: readonly string[], clientId: string | undefined): OwnPhotos | undefined {
  if (paths.length === 0) {
    if (clientId !== undefined) throw new UsageError('--client-id requires a PHOTO');
    return undefined;
  }
  if (clientId === undefined || clientId === '') {
    throw new UsageError('--client-id is missing: it is required with PHOTO');
  }
  // Malformed IDs are allowed, to show that the function rejects them. But an HTTP header must be able to carry them.
  if (!/^[\x20-\x7E]+$/.test(clientId))
    throw new UsageError('--client-id must contain only printable ASCII characters');
  return { paths, clientId };
}

function parse(words: readonly string[]) {
  return parseWords(words, {
    allowPositionals: true,
    options: {
      'client-id': { type: 'string' },
      real: { type: 'boolean', default: false },
      serve: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      logs: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
}
