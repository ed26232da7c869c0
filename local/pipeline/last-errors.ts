import type { LastError } from '../../cli/redrive/function-errors';
import { readLogLine } from './log-line';

/** Errors of this many messages are kept. Older ones are dropped. */
const maxMessages = 10_000;

/** The error code of each message's last retry, from the function's log. */
export class LastErrors {
  private readonly errors = new Map<string, LastError>();

  /** Reads one line of the function's log. Lines without a message ID and an error code are ignored. */
  take(line: string): void {
    const { messageId, errorCode, error } = readLogLine(line) ?? {};
    if (typeof messageId !== 'string' || typeof errorCode !== 'string') return;
    this.errors.delete(messageId);
    this.errors.set(messageId, { errorCode, ...(typeof error === 'string' && { error }) });
    const [oldest] = this.errors.keys();
    if (this.errors.size > maxMessages && oldest !== undefined) this.errors.delete(oldest);
  }

  /** The last errors of these messages, by message ID. */
  of(messageIds: readonly string[]): Record<string, LastError> {
    return Object.fromEntries(
      messageIds.flatMap((id) => {
        const error = this.errors.get(id);
        return error === undefined ? [] : [[id, error]];
      }),
    );
  }
}
