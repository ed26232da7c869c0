import { Doorbell } from './doorbell';
import { sqsError } from './errors';
import { Queue } from './queue';
import {
  defaultQueueAttributes,
  parseAttributes,
  withAttributes,
  type ParsedAttributes,
  type QueueAttributes,
} from './queue-attributes';
import type { WaitPace } from './wait-pace';

/** A named queue's dependencies. */
export interface NamedQueueSurroundings {
  readonly name: string;
  readonly arn: string;
  readonly waits: WaitPace;
  readonly now: () => number;
  /** Undefined when there is no such queue. */
  readonly findByArn: (arn: string) => NamedQueue | undefined;
}

const purgeQuietMs = 60_000;

/** A queue with its name, its attributes and its messages. */
export class NamedQueue {
  readonly name: string;
  readonly arn: string;
  readonly messages: Queue;
  /** Rings when a message became ready to receive, or will at another time than before. */
  readonly doorbell = new Doorbell();
  readonly createdAtMs: number;
  private all: QueueAttributes = defaultQueueAttributes;
  private parsed: ParsedAttributes = parseAttributes(defaultQueueAttributes);
  private modifiedMs: number;
  private purgedAtMs = -Infinity;

  constructor(private readonly around: NamedQueueSurroundings) {
    const { name, arn, waits, now } = around;
    this.name = name;
    this.arn = arn;
    this.createdAtMs = now();
    this.modifiedMs = this.createdAtMs;
    this.messages = new Queue({
      name,
      arn,
      waits,
      now,
      settings: () => ({ ...this.parsed, redrive: this.redrive() }),
      onChange: () => {
        this.doorbell.ring();
      },
    });
  }

  get attributes(): QueueAttributes {
    return this.all;
  }

  get settings(): ParsedAttributes {
    return this.parsed;
  }

  get modifiedAtMs(): number {
    return this.modifiedMs;
  }

  /** Sets some attributes, which were checked. */
  setAttributes(changes: QueueAttributes): void {
    this.all = withAttributes(this.all, changes);
    this.parsed = parseAttributes(this.all);
    this.modifiedMs = this.around.now();
  }

  /** Deletes every message at once. @throws PurgeQueueInProgress within a minute of the last time, as SQS does. */
  purge(): void {
    const now = this.around.now();
    if (now - this.purgedAtMs < purgeQuietMs) {
      const message = `Only one PurgeQueue operation on ${this.name} is allowed every 60 seconds.`;
      throw sqsError('PurgeQueueInProgress', message);
    }
    this.purgedAtMs = now;
    this.messages.purge();
  }

  /** A dead-letter queue that was deleted takes no messages: they stay where they are. */
  private redrive() {
    const policy = this.parsed.redrivePolicy;
    const deadLetters = policy && this.around.findByArn(policy.deadLetterTargetArn)?.messages;
    return policy && deadLetters && { maxReceiveCount: policy.maxReceiveCount, deadLetters };
  }
}
