import type { ExitStatus } from './exit-status';
import type { OptionName, OptionValues } from './options';
import type { Terminal } from './terminal/terminal';

/** A command of `live-photos`. It lives in a folder of `cli/` and is listed in `commands.ts`. */
export interface Command<Arguments = unknown> {
  /** What the command does, in one sentence. */
  readonly summary: string;
  /**
   * Names of the words that follow the command's name, such as `KEY`. All are required, except a last one that ends with `…`: it
   * stands for any number of words. Default: none.
   */
  readonly operands?: readonly string[];
  /** The command's options, besides those of all commands. */
  readonly options: readonly OptionName[];
  /** Example command lines for `--help`, without `live-photos`. */
  readonly examples: readonly string[];
  /** Paragraphs for `--help`. */
  readonly details: readonly string[];
  /**
   * Checks the values of the command line. Names and number of options and operands have been checked before.
   * @throws UsageError if a value is malformed.
   */
  parse(values: OptionValues, operands: readonly string[]): Arguments;
  run(options: Arguments, terminal: Terminal): Promise<ExitStatus>;
}
