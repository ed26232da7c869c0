import { readLogLine } from './log-line';

/** So many messages are remembered, the latest: enough for a session at a desk. */
const maxMessages = 10_000;

/** Remembers why each message was last given back to the queue, as the function's log tells. */
export class LastErrors {
  private readonly errors = new Map<string, string>();

  /** Takes one line of the function's log; lines that tell no such thing are passed over. */
  take(line: string): void {
    const { messageId, error } = readLogLine(line) ?? {};
    if (typeof messageId !== 'string' || typeof error !== 'string') return;
    this.errors.delete(messageId);
    this.errors.set(messageId, error);
    const [oldest] = this.errors.keys();
    if (this.errors.size > maxMessages && oldest !== undefined) this.errors.delete(oldest);
  }

  /** What is known of these messages, by their IDs. */
  of(messageIds: readonly string[]): Record<string, string> {
    return Object.fromEntries(
      messageIds.flatMap((id) => {
        const error = this.errors.get(id);
        return error === undefined ? [] : [[id, error]];
      }),
    );
  }
}
