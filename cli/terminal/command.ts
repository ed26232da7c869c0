import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from '../command-error';
import { exitStatus } from '../exit-status';
import { noticeFitted } from './terminal';

/**
 * Parses a command line by the rules of Node's `parseArgs`.
 * @throws UsageError with the first sentence of Node's message, which names the word. The rest is general advice.
 */
export function parseWords<const Config extends Omit<ParseArgsConfig, 'args'>>(
  words: readonly string[],
  config: Config,
): ReturnType<typeof parseArgs<Config & { readonly args: string[] }>> {
  try {
    const args = joinNegativeNumbers(words);
    const parsed = parseArgs({ ...config, args });
    checkOptions(parseArgs({ ...config, args, tokens: true }).tokens ?? [], config.options);
    return parsed;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const [firstSentence = ''] = (error as Error).message.split(/\. |\n/);
    // Node calls it ambiguous if the next word is an option.
    const [, valueless] = /(--[a-z-]+)(?: <value>)?' argument (?:missing|is ambiguous)/.exec(firstSentence) ?? [];
    if (valueless !== undefined) throw new UsageError(`${valueless} needs a value (see --help)`, { cause: error });
    throw new UsageError(`${firstSentence} (see --help)`, { cause: error });
  }
}

/** Node takes the last value of a repeated option, and accepts an empty value. @throws UsageError for both. */
function checkOptions(
  tokens: readonly { readonly kind: string; readonly name?: string; readonly value?: string | undefined }[],
  options: ParseArgsConfig['options'] = {},
): void {
  const seen = new Set<string>();
  for (const { kind, name = '', value } of tokens) {
    if (kind !== 'option') continue;
    if (value === '') throw new UsageError(`--${name} has an empty value (see --help)`);
    if (seen.has(name) && options[name]?.multiple !== true)
      throw new UsageError(`--${name} is given twice (see --help)`);
    seen.add(name);
  }
}

/** Node takes the value of `--photos -5` for an option. Joined, it gets an error message about the value. */
function joinNegativeNumbers(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const before = joined.at(-1) ?? '';
    if (/^-\d/.test(word) && /^--[a-z][a-z-]*$/.test(before)) joined.splice(-1, 1, `${before}=${word}`);
    else joined.push(word);
  }
  return joined;
}

/**
 * Parses the whole number of an option.
 * @param name of the option, without its dashes.
 * @throws UsageError if it is not a whole number from `least` to `most`.
 */
export function parseWhole(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new UsageError(`--${name} must be a whole number from ${least} to ${most}, not '${text}'`);
  }
  return number;
}

/** @returns a signal that the first SIGINT (Ctrl-C) or SIGTERM aborts. A second one ends the process at once. */
export function abortOnInterrupt(signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM']): AbortSignal {
  const interruption = new AbortController();
  for (const signal of signals) {
    process.once(signal, () => interruption.abort());
  }
  return interruption.signal;
}

/** Waits until the signal is aborted. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
}

/**
 * Runs a command with the command line of this process.
 * @param main returns the exit status. An error makes it 2 if the command line or a variable is wrong, otherwise 1.
 * @param isUsage whether an error is of the first kind. Then only its message is printed.
 */
export async function runCommand(
  main: (words: readonly string[]) => number | Promise<number>,
  isUsage: (error: unknown) => error is Error = (error) => error instanceof UsageError,
): Promise<void> {
  // The SDK warns about old Node versions. The deployed function runs on a newer one.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (isUsage(error)) noticeFitted(error.message);
    else console.error(error);
    process.exitCode = isUsage(error) ? exitStatus.usage : exitStatus.wrong;
  }
}
