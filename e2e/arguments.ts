import { parseWords } from '../cli/terminal/command';

/** Options of `npm run e2e`. */
export interface EndToEndArguments {
  /** Deploy to AWS, not to an emulator. */
  readonly isAws: boolean;
  /** Send photos to ComplyCube's sandbox, not to the stand-in. Always true with AWS. */
  readonly isSandbox: boolean;
  /** A client of the sandbox account. */
  readonly clientId: string | undefined;
  /** Deploy again with a KMS key. */
  readonly hasKey: boolean;
  /** Do not destroy the stack at the end. */
  readonly keepsStack: boolean;
}

/** What `--help` prints. */
export const endToEndHelp = `Deploys the stack with "cdk deploy", uploads photos for each outcome, erases two of them, and destroys the stack.

  AWS_ENDPOINT_URL=http://127.0.0.1:4566 npm run e2e    on the emulator at this URL
  npm run e2e -- --aws --client-id ID                   in your AWS account, with ComplyCube's sandbox
  npm run e2e:ministack                                 runs cfn-lint, then starts the emulator ministack (both from PyPI)

Each run deploys a separate stack and creates two roles. After the run only the CDK's bootstrap stack remains.

Options
  --aws           deploy to AWS with the AWS SDK's default credentials; AWS_ENDPOINT_URL must not be set
  --sandbox       on an emulator, send the photos to ComplyCube's sandbox, not to the stand-in on this machine;
                  required for emulators that run functions in containers, which can't reach the stand-in
  --client-id ID  a client of your sandbox account; required with --aws and --sandbox
  --kms-key       deploy again with a KMS key that encrypts everything; the key is deleted 7 days later
  --keep          do not destroy the stack and the roles
  --help          print this

Variables
  AWS_ENDPOINT_URL    the emulator
  AWS_REGION          the region; default on an emulator: us-east-1
  COMPLYCUBE_API_KEY  a key of the sandbox (test_…), for --aws and --sandbox
  NO_COLOR            print without colours

Exit status: 0 all checks passed, 1 a check failed, 2 the command line or a variable is wrong.`;

/**
 * Reads the command line.
 * @returns `help` when `--help` is given.
 * @throws UsageError for unknown options.
 */
export function parseEndToEndArguments(words: readonly string[]): EndToEndArguments | 'help' {
  const { values } = parseWords(words, {
    options: {
      aws: { type: 'boolean', default: false },
      sandbox: { type: 'boolean', default: false },
      'client-id': { type: 'string' },
      'kms-key': { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    isAws: values.aws,
    isSandbox: values.aws || values.sandbox,
    clientId: values['client-id'],
    hasKey: values['kms-key'],
    keepsStack: values.keep,
  };
}
