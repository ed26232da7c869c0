import { invalidParameter, sqsError } from './errors';
import { NamedQueue } from './named-queue';
import { checkAttributes, parseRedrivePolicy, type QueueAttributes } from './queue-attributes';
import type { WaitPace } from './wait-pace';

/** Whose queues these are and how their time passes. */
export interface QueuesOptions {
  readonly region: string;
  readonly accountId: string;
  readonly waits: WaitPace;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const deletedQuietMs = 60_000;

/** All queues of one account in one region, by name. */
export class Queues {
  private readonly byName = new Map<string, NamedQueue>();
  private readonly deletedAtMs = new Map<string, number>();

  constructor(private readonly options: QueuesOptions) {}

  /**
   * Creates a queue, or finds the one that has this name and the same values of all attributes given.
   * @throws QueueNameExists; QueueDeletedRecently within a minute; what the name or the attributes are refused with.
   */
  create(name: string, attributes: QueueAttributes): NamedQueue {
    checkName(name);
    this.check(attributes);
    const existing = this.byName.get(name);
    if (existing !== undefined) return withSameAttributes(existing, attributes);
    if (this.options.now() - (this.deletedAtMs.get(name) ?? -Infinity) < deletedQuietMs) {
      const message =
        'You must wait 60 seconds after deleting a queue before you can create another with the same name.';
      throw sqsError('QueueDeletedRecently', message);
    }
    const queue = new NamedQueue({
      name,
      arn: `${this.arnPrefix}${name}`,
      waits: this.options.waits,
      now: this.options.now,
      findByArn: (arn) => this.findByArn(arn),
    });
    queue.setAttributes(attributes);
    this.byName.set(name, queue);
    return queue;
  }

  /** Finds a queue by its name. @throws QueueDoesNotExist */
  named(name: string): NamedQueue {
    return existent(this.byName.get(name));
  }

  /** Finds a queue by its ARN. @throws QueueDoesNotExist */
  withArn(arn: string): NamedQueue {
    return existent(this.findByArn(arn));
  }

  /**
   * Finds a queue by its URL, whatever host stands in it.
   * @throws InvalidAddress when it is no queue's URL; QueueDoesNotExist
   */
  withUrl(url: string): NamedQueue {
    const [, accountId, name] = /^https?:\/\/[^/]+\/(\d+)\/([^/]+)$/.exec(url) ?? [];
    if (name === undefined) throw sqsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`);
    return existent(accountId === this.options.accountId ? this.byName.get(name) : undefined);
  }

  /** Every queue whose name starts so, by name. */
  startingWith(prefix: string): NamedQueue[] {
    const found = [...this.byName.values()].filter(({ name }) => name.startsWith(prefix));
    return found.sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** Sets some of a queue's attributes. @throws what they are refused with; then none is set. */
  setAttributes(queue: NamedQueue, changes: QueueAttributes): void {
    this.check(changes);
    queue.setAttributes(changes);
  }

  /** Deletes a queue and every message in it at once. */
  delete(queue: NamedQueue): void {
    queue.messages.purge();
    this.byName.delete(queue.name);
    this.deletedAtMs.set(queue.name, this.options.now());
  }

  private get arnPrefix(): string {
    return `arn:aws:sqs:${this.options.region}:${this.options.accountId}:`;
  }

  private findByArn(arn: string): NamedQueue | undefined {
    return arn.startsWith(this.arnPrefix) ? this.byName.get(arn.slice(this.arnPrefix.length)) : undefined;
  }

  private check(attributes: QueueAttributes): void {
    checkAttributes(attributes);
    const value = attributes.get('RedrivePolicy');
    const policy = parseRedrivePolicy(value);
    if (value !== undefined && policy !== undefined && this.findByArn(policy.deadLetterTargetArn) === undefined) {
      throw invalidParameter('RedrivePolicy', value, 'Dead letter target does not exist.');
    }
  }
}

function existent(queue: NamedQueue | undefined): NamedQueue {
  if (queue === undefined) throw sqsError('QueueDoesNotExist', 'The specified queue does not exist.');
  return queue;
}

function checkName(name: string): void {
  if (name.endsWith('.fifo'))
    throw sqsError('UnsupportedOperation', 'The local SQS has standard queues only, no FIFO.');
  if (!/^[\w-]{1,80}$/.test(name)) {
    const reason = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length';
    throw invalidParameter('QueueName', name, reason);
  }
}

function withSameAttributes(queue: NamedQueue, given: QueueAttributes): NamedQueue {
  for (const [name, value] of given) {
    if ((queue.attributes.get(name) ?? '') !== value) {
      const message = `A queue already exists with the same name and a different value for attribute ${name}`;
      throw sqsError('QueueNameExists', message);
    }
  }
  return queue;
}
