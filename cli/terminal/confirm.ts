import { UsageError } from '../command-error';
import type { Terminal } from './terminal';

/**
 * Asks for confirmation before anything is sent.
 * @param question describes what will be sent.
 * @param warning why the question is asked.
 * @throws UsageError if nobody can answer.
 */
export async function isConfirmed(
  question: string,
  options: { readonly isDryRun: boolean; readonly isConfirmed: boolean },
  terminal: Terminal,
  warning = 'Live photos can cost money',
): Promise<boolean> {
  if (options.isDryRun || options.isConfirmed) return true;
  const answer = await terminal.ask(`${question} ${warning}. Continue? [y/N] `);
  if (answer === undefined) {
    throw new UsageError(
      `There is no terminal to ask for confirmation. ${warning}: check with --dry-run, then use --yes`,
    );
  }
  return /^y(es)?$/i.test(answer.trim());
}
