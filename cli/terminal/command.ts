import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from '../command-error';

/**
 * Reads a command's words by the rules of Node's `parseArgs`.
 * @throws UsageError with the first sentence of Node's, which names the word; the rest is advice that fits few cases.
 */
export function parseWords<const Config extends Omit<ParseArgsConfig, 'args'>>(
  words: readonly string[],
  config: Config,
): ReturnType<typeof parseArgs<Config & { readonly args: string[] }>> {
  try {
    return parseArgs({ ...config, args: [...words] });
  } catch (error) {
    const [firstSentence = ''] = (error as Error).message.split(/\. |\n/);
    throw new UsageError(`${firstSentence} (--help says all)`, { cause: error });
  }
}

/**
 * Reads an option's whole number.
 * @param name the option's, without its dashes.
 * @throws UsageError when it is not a whole number from `least` to `most`.
 */
export function parseWhole(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new UsageError(`--${name} must be a whole number from ${least} to ${most}, not '${text}'`);
  }
  return number;
}

/** From now on Ctrl-C, and whoever ends processes politely, ends the command in order; a second one ends it at once. */
export function abortOnInterrupt(signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM']): AbortSignal {
  const interruption = new AbortController();
  for (const signal of signals) {
    process.once(signal, () => {
      interruption.abort();
    });
  }
  return interruption.signal;
}

/** Waits until the signal is aborted. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve);
  });
}

/**
 * Runs a command with the words that this process was started with.
 * @param main returns the exit status; what it throws makes it 2 when the command line or a variable is wrong, else 1.
 * @param isUsage whether an error is of that first kind, of which a person is shown the message alone.
 */
export async function runCommand(
  main: (words: readonly string[]) => number | Promise<number>,
  isUsage: (error: unknown) => error is Error = (error) => error instanceof UsageError,
): Promise<void> {
  // Node's age is this machine's matter: the deployed function runs on a newer one.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    console.error(isUsage(error) ? error.message : error);
    process.exitCode = isUsage(error) ? 2 : 1;
  }
}
