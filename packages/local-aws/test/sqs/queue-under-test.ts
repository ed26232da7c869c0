import { Queue, type Pace, type QueueSettings, type ReceivedMessage } from '../../src/sqs/queue';

/** A queue with its dead-letter queue, and the clock of both. */
export class QueueUnderTest {
  static readonly sourceArn = 'arn:aws:sqs:us-east-1:000000000000:source';
  nowMs = 1_700_000_000_000;
  settings: QueueSettings;
  readonly deadLetters: Queue;
  readonly source: Queue;

  constructor(settings: Partial<QueueSettings> = {}, maxReceiveCount?: number, pace: Partial<Pace> = {}) {
    this.deadLetters = this.queue('dead-letters', pace, () => ({ ...this.settings, redrive: undefined }));
    this.source = this.queue('source', pace, () => this.settings);
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

  private queue(name: string, pace: Partial<Pace>, settings: () => QueueSettings): Queue {
    return new Queue({
      name,
      arn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
      settings,
      now: () => this.nowMs,
      pace: { waitSpeed: 1, leastWaitMs: 0, leastWorkMs: 0, ...pace },
      onChange: () => undefined,
    });
  }
}

/** The only message of a receive. */
export function only(messages: readonly ReceivedMessage[]): ReceivedMessage {
  const [message] = messages;
  if (message === undefined || messages.length !== 1) throw new Error(`Expected one message, not ${messages.length}`);
  return message;
}
