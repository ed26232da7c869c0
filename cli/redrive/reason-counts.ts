import { renderTable } from '../terminal/table';
import { count, printable } from '../terminal/text';
import type { ClassifiedMessage } from './classify-messages';
import { type DeadLetterReason, deadLetterReasons } from './dead-letter-reason';

/** The fields are those of `--json`. */
interface Counts {
  messages: number;
  /** How many of them were sent, or would have been sent. */
  selected: number;
  /** The last error of one of the messages, in words. */
  example: string | undefined;
}

/** Counts dead-lettered messages by reason. */
export class ReasonCounts {
  private readonly reasons = new Map<DeadLetterReason, Counts>();

  /** How many messages were classified. */
  get classified(): number {
    return [...this.reasons.values()].reduce((sum, { messages }) => sum + messages, 0);
  }

  addClassified(messages: readonly ClassifiedMessage[]): void {
    for (const { reason, detail } of messages) {
      const counts = this.of(reason);
      counts.messages++;
      counts.example ??= detail;
    }
  }

  /** Adds messages that were sent, or would have been sent. */
  addSelected(messages: readonly ClassifiedMessage[]): void {
    for (const { reason } of messages) this.of(reason).selected++;
  }

  toJSON(): object {
    return Object.fromEntries(this.reasons);
  }

  /** Renders the counts. @param maxWidth of a line; undefined: no limit. */
  render(isDryRun: boolean, maxWidth: number | undefined): string[] {
    if (this.reasons.size === 0) return ['The dead-letter queue is empty.'];
    const verb = isDryRun ? 'to send' : 'sent';
    const lines = [...this.reasons].flatMap(([reason, { messages, selected, example }]) => [
      `${reason}: ${count(messages, 'message')}, ${selected.toLocaleString('en')} ${verb}`,
      ...renderTable(
        [['', deadLetterReasons[reason]], ...(example === undefined ? [] : [['', `example: ${printable(example)}`]])],
        { maxWidth },
      ),
    ]);
    return [...lines, ...(isDryRun ? ['Nothing was sent or deleted.'] : [])];
  }

  private of(reason: DeadLetterReason): Counts {
    const counts = this.reasons.get(reason) ?? { messages: 0, selected: 0, example: undefined };
    this.reasons.set(reason, counts);
    return counts;
  }
}
