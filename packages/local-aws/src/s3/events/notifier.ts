import { randomUUID } from 'node:crypto';
import type { Bucket } from '../buckets/bucket';
import { type Creation, type EventOrigin, type ObjectCreated, queueMessage, testMessage } from './event-messages';

/** A queue of a bucket's NotificationConfiguration. */
export interface QueueNotification {
  readonly queueArn: string;
  readonly events: readonly `s3:ObjectCreated:${'*' | Creation}`[];
  /** Of the decoded key. */
  readonly prefix?: string;
  /** Of the decoded key. */
  readonly suffix?: string;
  /** `configurationId` of each record. Default: random. */
  readonly id?: string;
}

/** How events leave S3. */
export interface EventDelivery {
  /** Delivers one notification body to a queue. Default: notifications are dropped. */
  readonly sendToQueue?: ((queueArn: string, body: string) => Promise<void>) | undefined;
  /** Called with an event that could not be delivered. Unlike S3, this server does not retry. */
  readonly reportError: (what: string, error: unknown) => void;
}

/** Sends the events of all buckets in the background. */
export class Notifier {
  readonly #configurations = new WeakMap<Bucket, readonly QueueNotification[]>();
  readonly #deliveries = new Set<Promise<void>>();

  constructor(
    private readonly origin: EventOrigin,
    private readonly delivery: EventDelivery,
  ) {}

  /**
   * Sets the queues of a bucket's events, and sends the test event to each.
   * @throws the error of `sendToQueue`. S3 also refuses a queue that it can't reach.
   */
  async configure(
    bucket: Bucket,
    notifications: readonly QueueNotification[],
    { requestId, hostId }: { readonly requestId: string; readonly hostId: string },
  ): Promise<void> {
    const queues = notifications.map((queue) => ({ id: randomUUID(), ...queue }));
    for (const { queueArn } of queues) {
      await this.delivery.sendToQueue?.(queueArn, testMessage(bucket.name, requestId, hostId));
    }
    this.#configurations.set(bucket, queues);
  }

  /** The queues of a bucket's events. */
  queuesOf(bucket: Bucket): readonly QueueNotification[] {
    return this.#configurations.get(bucket) ?? [];
  }

  /** Sends the event of a created object to its bucket's queues. */
  objectCreated(event: ObjectCreated): void {
    for (const { queueArn, id = '' } of this.queuesOf(event.bucket).filter((queue) => isWanted(queue, event))) {
      const body = queueMessage(event, this.origin, id);
      this.#deliver(() => this.delivery.sendToQueue?.(queueArn, body));
    }
  }

  /** Resolves when all events are delivered. */
  async settled(): Promise<void> {
    while (this.#deliveries.size > 0) await Promise.all(this.#deliveries);
  }

  #deliver(send: () => Promise<void> | undefined): void {
    const delivering = Promise.resolve()
      .then(send)
      .catch((error: unknown) => {
        this.delivery.reportError('S3 could not deliver a notification', error);
      })
      .finally(() => this.#deliveries.delete(delivering));
    this.#deliveries.add(delivering);
  }
}

function isWanted({ events, prefix = '', suffix = '' }: QueueNotification, { call, creation }: ObjectCreated): boolean {
  const isOfEvents = events.includes('s3:ObjectCreated:*') || events.includes(`s3:ObjectCreated:${creation}`);
  return isOfEvents && call.key.startsWith(prefix) && call.key.endsWith(suffix);
}
