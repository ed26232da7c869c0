import { Doorbell } from './doorbell';
import { type Pace, Queue } from './queue';
import {
  defaultQueueAttributes,
  parseAttributes,
  withAttributes,
  type ParsedAttributes,
  type QueueAttributes,
} from './queue-attributes';

/** A named queue's dependencies. */
export interface NamedQueueDeps {
  readonly name: string;
  readonly arn: string;
  readonly pace: Pace;
  readonly now: () => number;
  /** Returns undefined if the queue does not exist. */
  readonly findByArn: (arn: string) => NamedQueue | undefined;
}

/** A queue with its name, attributes and messages. */
export class NamedQueue {
  readonly name: string;
  readonly arn: string;
  readonly messages: Queue;
  /** Rings when a message becomes ready to receive, or when the time changes at which it will. */
  readonly doorbell = new Doorbell();
  private all: QueueAttributes = defaultQueueAttributes;
  private parsed: ParsedAttributes = parseAttributes(defaultQueueAttributes);

  constructor({ name, arn, pace, now, findByArn }: NamedQueueDeps) {
    this.name = name;
    this.arn = arn;
    const redrive = () => {
      const { redrivePolicy } = this.parsed;
      const deadLetters = redrivePolicy && findByArn(redrivePolicy.deadLetterTargetArn)?.messages;
      return redrivePolicy && deadLetters && { maxReceiveCount: redrivePolicy.maxReceiveCount, deadLetters };
    };
    this.messages = new Queue({
      name,
      arn,
      pace,
      now,
      settings: () => ({ ...this.parsed, redrive: redrive() }),
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

  /** Sets some attributes, which the caller has checked. */
  setAttributes(changes: QueueAttributes): void {
    this.all = withAttributes(this.all, changes);
    this.parsed = parseAttributes(this.all);
  }
}
