import { UsageError } from '../../cli/command-error';
import { parseWords } from '../../cli/terminal/command';
import { isSafeOrigin, patterns } from '../../contract/patterns';
import { metadataNames } from '../../contract/photo-rules';

/** Options of `npm start`. */
export interface StartArguments {
  /** Undefined: the command line names no photos. */
  readonly own: OwnPhotos | undefined;
  /** The stack's setting: the name of the metadata that holds the client ID. */
  readonly clientIdMetadata: string;
  readonly isReal: boolean;
  readonly isServing: boolean;
  /** Origins of other pages that may use the local S3 and the page's server. */
  readonly origins: readonly string[];
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
  --client-id-metadata NAME
                  deploy the local stack with this setting: your app writes client IDs as NAME, such as user-id
  --real          use ComplyCube's API instead of the stand-in; live photos can cost money
  --serve         keep the pipeline running; Ctrl-C stops it
  --origin URL    with --serve: your app's page, such as http://localhost:5173, may use the local S3 and the page's server;
                  can be used more than once
  --json          print the results as JSON
  --logs          print the function's log lines on standard error
  --help          print this

Environment variables
  COMPLYCUBE_API_KEY   the API key for --real
  COMPLYCUBE_BASE_URL  the API's URL for --real (default: https://api.complycube.com/v1)
  NO_COLOR             disables colours

Exit status: 0 all photos had the expected outcome, 1 some did not, 2 invalid command line,
130 interrupted.`;

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
    clientIdMetadata: parseMetadataName(values['client-id-metadata']),
    isReal: values.real,
    isServing: values.serve,
    origins: parseOrigins(values.origin, values.serve),
    isJson: values.json,
    hasLogs: values.logs,
  };
}

function parseOrigins(origins: readonly string[], isServing: boolean): readonly string[] {
  if (origins.length > 0 && !isServing) throw new UsageError('--origin requires --serve');
  const wrong = origins.find((text) => !isSafeOrigin(text));
  if (wrong === undefined) return origins;
  throw new UsageError(
    `--origin is ${wrong}: use an origin without a path. Plain HTTP requires localhost, such as http://localhost:5173: browsers ` +
      'on other devices can’t reach the local servers',
  );
}

function parseOwnPhotos(paths: readonly string[], clientId: string | undefined): OwnPhotos | undefined {
  if (paths.length === 0) {
    if (clientId !== undefined) throw new UsageError('--client-id requires a PHOTO');
    return undefined;
  }
  if (clientId === undefined) throw new UsageError('--client-id is missing: it is required with PHOTO');
  // Malformed IDs are allowed, to show that the function rejects them. But an HTTP header must be able to carry them.
  if (!/^[\x20-\x7E]+$/.test(clientId))
    throw new UsageError('--client-id must contain only printable ASCII characters');
  return { paths, clientId };
}

function parseMetadataName(name: string): string {
  if (patterns.clientIdMetadata.test(name)) return name;
  throw new UsageError(
    `--client-id-metadata is ${name}: use a name of S3 user metadata without x-amz-meta-, such as user-id`,
  );
}

function parse(words: readonly string[]) {
  return parseWords(words, {
    allowPositionals: true,
    options: {
      'client-id': { type: 'string' },
      'client-id-metadata': { type: 'string', default: metadataNames.clientId },
      real: { type: 'boolean', default: false },
      serve: { type: 'boolean', default: false },
      origin: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      logs: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
}
