import { parseWords } from '../../cli/terminal/command';

/** The output of `--help`. */
export const runtimeHelp = `Runs the function's bundle on AWS's runtime client (npm: aws-lambda-ric) and the Node that Lambda uses.

  npm run e2e:runtime

S3, SQS, Secrets Manager, EventBridge and ComplyCube are local servers. If Go is installed, the same checks run behind AWS's
runtime interface emulator, too. The first run builds both in ~/.cache/live-photos-runtime, or in XDG_CACHE_HOME. On a machine
that can't build the client, one line says so. If the current Node is not Lambda's, the function's tests then run on Lambda's.

Options
  --help  print this

Exit status: 0 all checks passed or skipped, 1 a check failed, 2 invalid command line, 130 interrupted.`;

/**
 * Parses the command line.
 * @returns `help` for `--help`.
 */
export function parseRuntimeArguments(words: readonly string[]): 'help' | undefined {
  const { values } = parseWords(words, { options: { help: { type: 'boolean', default: false } } });
  return values.help ? 'help' : undefined;
}
