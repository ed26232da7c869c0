import type { LastError } from '../../cli/redrive/function-errors';
import { readLogLine } from './log-line';

/** How many messages are remembered, the latest ones. */
const maxMessages = 10_000;

/** Remembers why each message last went back to the queue, by the error codes in the function's log. */
export class LastErrors {
  private readonly errors = new Map<string, LastError>();

  /** Takes one line of the function's log. Lines without message ID and error code are ignored. */
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
