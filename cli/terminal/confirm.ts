import { UsageError } from '../command-error';
import type { Terminal } from './terminal';

/**
 * Asks for confirmation before anything is sent, because live photos can cost money.
 * @param question describes what will be sent.
 * @throws UsageError if nobody can answer.
 */
export async function isConfirmed(
  question: string,
  options: { readonly isDryRun: boolean; readonly isConfirmed: boolean },
  terminal: Terminal,
): Promise<boolean> {
  if (options.isDryRun || options.isConfirmed) return true;
  const answer = await terminal.ask(`${question} Live photos can cost money. Continue? [y/N] `);
  if (answer === undefined) {
    throw new UsageError(
      'There is no terminal to ask for confirmation, and live photos can cost money: check with --dry-run, then use --yes',
    );
  }
  return /^y(es)?$/i.test(answer.trim());
}
