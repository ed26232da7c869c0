import { UsageError } from '../command-error';
import type { Shell } from './terminal';

/**
 * Asks before anything is sent: live photos can cost money.
 * @param question ends where `Go on?` follows.
 * @throws UsageError where nobody can be asked.
 */
export async function isAgreedTo(
  question: string,
  { isDryRun, isAgreed }: { readonly isDryRun: boolean; readonly isAgreed: boolean },
  shell: Shell,
): Promise<boolean> {
  if (isDryRun || isAgreed) return true;
  const answer = await shell.ask(`${question} Live photos can cost money. Go on? [y/N] `);
  if (answer === undefined) {
    throw new UsageError(
      'Nobody can be asked here, and live photos can cost money: look with --dry-run, then give --yes',
    );
  }
  return /^y(es)?$/i.test(answer.trim());
}
