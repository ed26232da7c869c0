import { count, printable } from '../terminal/text';
import type { ClassifiedMessage } from './classify-messages';

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
  private readonly reasons = new Map<string, Counts>();

  /** @param descriptions what each reason means, and what to do. */
  constructor(
    private readonly queueName: string,
    private readonly descriptions: Readonly<Record<string, string>>,
  ) {}

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

  render(isDryRun: boolean): string {
    if (this.reasons.size === 0) return `The ${this.queueName} is empty.`;
    const verb = isDryRun ? 'to send' : 'sent';
    const lines = [...this.reasons].flatMap(([reason, { messages, selected, example }]) => [
      `${reason}: ${count(messages, 'message')}, ${selected.toLocaleString('en')} ${verb}`,
      `  ${this.descriptions[reason] ?? ''}`,
      ...(example === undefined ? [] : [`  example: ${printable(example)}`]),
    ]);
    return [...lines, ...(isDryRun ? ['Nothing was sent or deleted.'] : [])].join('\n');
  }

  private of(reason: string): Counts {
    const counts = this.reasons.get(reason) ?? { messages: 0, selected: 0, example: undefined };
    this.reasons.set(reason, counts);
    return counts;
  }
}
