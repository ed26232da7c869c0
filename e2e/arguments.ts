import { parseWords } from '../cli/terminal/command';

/** What `npm run e2e` is asked to do. */
export interface EndToEndArguments {
  /** Whether to deploy to the AWS account that the environment's credentials are of. */
  readonly isAws: boolean;
  /** Whether photos go to ComplyCube's sandbox in place of the stand-in; always so with AWS. */
  readonly isSandbox: boolean;
  /** A client of the sandbox account. */
  readonly clientId: string | undefined;
  /** Whether the stack is left standing at the end. */
  readonly isKept: boolean;
}

/** What `--help` prints. */
export const endToEndHelp = `Deploys the stack with the real "cdk deploy", sends photos of every outcome through it, deploys again, and destroys it.

  AWS_ENDPOINT_URL=http://127.0.0.1:4566 npm run e2e    on the emulator that answers there
  npm run e2e -- --aws --client-id ID                   in your own AWS account, with photos to ComplyCube's sandbox
  npm run e2e:ministack                                 on a ministack from PyPI that it starts itself, after cfn-lint

Each run has a stack of its own name and leaves nothing behind but the CDK's bootstrap stack.

Options
  --aws           deploy to AWS, with the credentials that the AWS SDK finds; AWS_ENDPOINT_URL must not be set
  --sandbox       on an emulator, send the photos to ComplyCube's sandbox in place of a stand-in on this machine:
                  for emulators that run functions in containers, which can not reach the stand-in
  --client-id ID  a client of your sandbox account; needed with --aws and --sandbox
  --keep          do not destroy the stack
  --help          print this

Variables
  AWS_ENDPOINT_URL    the emulator
  AWS_REGION          where; us-east-1 on an emulator when not set
  COMPLYCUBE_API_KEY  a key of the sandbox (test_…), for --aws and --sandbox
  NO_COLOR            no colour on a terminal either

Exit status: 0 everything was as it must, 1 something was not, 2 the command line or a variable is wrong.`;

/**
 * Reads the command line.
 * @returns `help` when it asks for help.
 * @throws UsageError for anything that is not as `--help` says.
 */
export function parseEndToEndArguments(words: readonly string[]): EndToEndArguments | 'help' {
  const values = parse(words);
  if (values.help) return 'help';
  return {
    isAws: values.aws,
    isSandbox: values.aws || values.sandbox,
    clientId: values['client-id'],
    isKept: values.keep,
  };
}

function parse(words: readonly string[]) {
  return parseWords(words, {
    options: {
      aws: { type: 'boolean', default: false },
      sandbox: { type: 'boolean', default: false },
      'client-id': { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values;
}
