import { UsageError } from '../../cli/command-error';
import { parseWords } from '../../cli/terminal/command';

/** What `npm start` is asked to do. */
export interface StartArguments {
  /** A person's own photos; undefined when none are named. */
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

/** What `--help` prints. */
export const startHelp = `Runs the whole pipeline on this machine: S3, SQS, Secrets Manager, the Lambda function's bundle, and ComplyCube.

  npm start                                     the sample photos, each way that a photo can take
  npm start -- PHOTO… --client-id ID            your own photos; a folder stands for the photos in it
  npm start -- PHOTO… --client-id ID --real     the same, sent to ComplyCube's own API with the key in COMPLYCUBE_API_KEY
  npm start -- --serve                          keeps running, with a page and endpoints for the aws command; Ctrl-C stops it
  npm start -- PHOTO… --client-id ID --serve    your own photos first, then keeps running

Options
  --client-id ID  the ComplyCube client that the photos are of; needed with PHOTO
  --real          use ComplyCube's own API instead of the stand-in; live photos can cost money
  --serve         keep the pipeline running
  --json          print the results as JSON
  --logs          print the function's log lines on standard error
  --help          print this

Variables
  COMPLYCUBE_API_KEY   the key for --real
  COMPLYCUBE_BASE_URL  where --real sends to, when it is not https://api.complycube.com/v1
  NO_COLOR             no colour on a terminal either

Exit status: 0 every photo ended as it must, 1 one did not, 2 the command line is wrong.`;

/**
 * Reads the command line.
 * @returns `help` when it asks for help.
 * @throws UsageError for anything that is not as `--help` says.
 */
export function parseStartArguments(words: readonly string[]): StartArguments | 'help' {
  const { values, positionals: paths } = parse(words);
  if (values.help) return 'help';
  if (values.real && paths.length === 0 && !values.serve) {
    throw new UsageError('--real needs a PHOTO or --serve: the sample photos are for the stand-in');
  }
  if (values.serve && values.json) {
    throw new UsageError('--json prints results at the end: it does not go with --serve');
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
    if (clientId !== undefined) throw new UsageError('--client-id needs a PHOTO');
    return undefined;
  }
  if (clientId === undefined || clientId === '') {
    throw new UsageError('--client-id is missing: whose photos are these?');
  }
  // A malformed one may go its way: the function rejects it, which is worth seeing. But it must get into a header.
  if (!/^[\x20-\x7E]+$/.test(clientId)) throw new UsageError('--client-id has characters that no client ID has');
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
