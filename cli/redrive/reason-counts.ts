import type { ClassifiedLetter } from './classify-messages';
import { type DeadLetterReason, deadLetterReasons } from './dead-letter-reason';
import { count, printable } from '../terminal/text';

/** What was found for one reason. */
interface OfReason {
  messages: number;
  /** How many of them were sent, or would have been sent. */
  selected: number;
  /** What the function said about one of them. */
  example: string | undefined;
}

/** Counts dead-lettered messages by reason. */
export class ReasonTally {
  private readonly reasons = new Map<DeadLetterReason, OfReason>();

  /** How many messages were classified. */
  get looked(): number {
    return [...this.reasons.values()].reduce((sum, { messages }) => sum + messages, 0);
  }

  /** Counts classified messages. */
  countLooked(letters: readonly ClassifiedLetter[]): void {
    for (const { reason, detail } of letters) {
      const ofReason = this.of(reason);
      ofReason.messages++;
      ofReason.example ??= detail;
    }
  }

  /** Counts messages that were sent, or would have been sent. */
  countSelected(letters: readonly ClassifiedLetter[]): void {
    for (const { reason } of letters) this.of(reason).selected++;
  }

  /** By reason, for machines. */
  toJSON(): object {
    return Object.fromEntries(this.reasons);
  }

  /** In lines, for a person. */
  render(isDryRun: boolean): string[] {
    if (this.reasons.size === 0) return ['The dead-letter queue is empty.'];
    const lines = [...this.reasons].flatMap(([reason, { messages, selected, example }]) => [
      `${reason}: ${count(messages, 'message')}, ${selected.toLocaleString('en')} ${isDryRun ? 'to send' : 'sent'}`,
      `  ${deadLetterReasons[reason]}`,
      ...(example === undefined ? [] : [`  the function said: ${printable(example)}`]),
    ]);
    return [...lines, ...(isDryRun ? ['Nothing was sent, and nothing deleted.'] : [])];
  }

  private of(reason: DeadLetterReason): OfReason {
    const standing = this.reasons.get(reason) ?? { messages: 0, selected: 0, example: undefined };
    this.reasons.set(reason, standing);
    return standing;
  }
}
