import { invalidParameter, sqsError } from './errors';
import { NamedQueue } from './named-queue';
import type { Pace } from './queue';
import { checkAttributes, parseRedrivePolicy, type QueueAttributes } from './queue-attributes';

/** The queues' account, and how their time passes. */
export interface QueuesOptions {
  readonly region: string;
  readonly accountId: string;
  readonly pace: Pace;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** All queues of one account in one region, by name. */
export class Queues {
  private readonly byName = new Map<string, NamedQueue>();
  private readonly arnPrefix: string;

  constructor(private readonly options: QueuesOptions) {
    this.arnPrefix = `arn:aws:sqs:${options.region}:${options.accountId}:`;
  }

  /** @throws AwsJsonError QueueNameExists, or the error for an invalid name or attribute. */
  create(name: string, attributes: QueueAttributes): NamedQueue {
    if (!/^[\w-]{1,80}$/.test(name)) {
      const reason = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length';
      throw invalidParameter('QueueName', name, reason);
    }
    if (this.byName.has(name)) throw sqsError('QueueNameExists', 'A queue already exists with the same name.');
    const { pace, now } = this.options;
    const findByArn = (arn: string) => this.findByArn(arn);
    const queue = new NamedQueue({ name, arn: `${this.arnPrefix}${name}`, pace, now, findByArn });
    this.setAttributes(queue, attributes);
    this.byName.set(name, queue);
    return queue;
  }

  /** Finds a queue by its name. @throws AwsJsonError QueueDoesNotExist. */
  named(name: string): NamedQueue {
    return requireQueue(this.byName.get(name));
  }

  /** Finds a queue by its ARN. @throws AwsJsonError QueueDoesNotExist. */
  withArn(arn: string): NamedQueue {
    return requireQueue(this.findByArn(arn));
  }

  /**
   * Finds a queue by its URL. The URL's host is ignored.
   * @throws AwsJsonError InvalidAddress if it is not a queue's URL; QueueDoesNotExist.
   */
  withUrl(url: string): NamedQueue {
    const [, accountId, name] = /^https?:\/\/[^/]+\/(\d+)\/([^/]+)$/.exec(url) ?? [];
    if (name === undefined) throw sqsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`);
    return requireQueue(accountId === this.options.accountId ? this.byName.get(name) : undefined);
  }

  /** Sets some of a queue's attributes; none of them if one is invalid. */
  setAttributes(queue: NamedQueue, changes: QueueAttributes): void {
    checkAttributes(changes);
    const value = changes.get('RedrivePolicy');
    const policy = parseRedrivePolicy(value);
    if (value !== undefined && policy !== undefined && this.findByArn(policy.deadLetterTargetArn) === undefined) {
      throw invalidParameter('RedrivePolicy', value, 'Dead letter target does not exist.');
    }
    queue.setAttributes(changes);
  }

  private findByArn(arn: string): NamedQueue | undefined {
    return arn.startsWith(this.arnPrefix) ? this.byName.get(arn.slice(this.arnPrefix.length)) : undefined;
  }
}

function requireQueue(queue: NamedQueue | undefined): NamedQueue {
  if (queue === undefined) throw sqsError('QueueDoesNotExist', 'The specified queue does not exist.');
  return queue;
}
