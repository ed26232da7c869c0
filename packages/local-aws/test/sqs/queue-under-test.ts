import type { ReceivedMessage } from '../../src/sqs/message';
import { Queue, type QueueSettings } from '../../src/sqs/queue';
import type { WaitPace } from '../../src/sqs/wait-pace';

/** A queue with its dead-letter queue and the clock of both. */
export class QueueUnderTest {
  static readonly sourceArn = 'arn:aws:sqs:us-east-1:000000000000:source';
  nowMs = 1_700_000_000_000;
  changes = 0;
  settings: QueueSettings;
  readonly deadLetters: Queue;
  readonly source: Queue;

  constructor(settings: Partial<QueueSettings> = {}, maxReceiveCount?: number, waits: Partial<WaitPace> = {}) {
    this.deadLetters = this.queue('dead-letters', waits, () => ({ ...this.settings, redrive: undefined }));
    this.source = this.queue('source', waits, () => this.settings);
    this.settings = {
      visibilityTimeoutSeconds: 30,
      retentionSeconds: 1_209_600,
      delaySeconds: 0,
      ...(maxReceiveCount !== undefined && { redrive: { maxReceiveCount, deadLetters: this.deadLetters } }),
      ...settings,
    };
  }

  passSeconds(seconds: number): void {
    this.nowMs += seconds * 1000;
  }

  private queue(name: string, waits: Partial<WaitPace>, settings: () => QueueSettings): Queue {
    return new Queue({
      name,
      arn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
      settings,
      now: () => this.nowMs,
      waits: { waitSpeed: 1, leastWaitMs: 0, leastWorkMs: 0, ...waits },
      onChange: () => {
        this.changes += 1;
      },
    });
  }
}

/** The one message of a receive. */
export function only(messages: readonly ReceivedMessage[]): ReceivedMessage {
  const [message] = messages;
  if (message === undefined || messages.length !== 1) throw new Error(`Expected one message, not ${messages.length}`);
  return message;
}
