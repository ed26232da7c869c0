import { randomUUID } from 'node:crypto';
import type { Bucket } from '../buckets/bucket';
import {
  eventBridgeEvent,
  type EventBridgeEvent,
  type EventOrigin,
  type ObjectCreated,
  queueMessage,
  testMessage,
} from './event-messages';
import type { Creation } from '../objects/store-object';

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

/** The destinations of a bucket's events. */
export interface BucketNotifications {
  readonly queues: readonly QueueNotification[];
  readonly isEventBridgeEnabled: boolean;
}

/** How events leave S3. Without a callback they are dropped. */
export interface EventDelivery {
  /** Delivers one notification body to a queue. */
  readonly sendToQueue?: ((queueArn: string, body: string) => Promise<void>) | undefined;
  /** Delivers one EventBridge event. */
  readonly putEvent?: ((event: EventBridgeEvent) => Promise<void>) | undefined;
  /** Called with an event that could not be delivered. Unlike S3, this server does not retry. */
  readonly reportError: (what: string, error: unknown) => void;
}

/** Sends the events of all buckets in the background. */
export class Notifier {
  readonly #configurations = new WeakMap<Bucket, BucketNotifications>();
  readonly #deliveries = new Set<Promise<void>>();

  constructor(
    private readonly origin: EventOrigin,
    private readonly delivery: EventDelivery,
  ) {}

  /**
   * Sets the destinations of a bucket's events, and sends the test event to each queue.
   * @throws the error of `sendToQueue`. S3 also refuses a queue that it can't reach.
   */
  async configure(
    bucket: Bucket,
    notifications: BucketNotifications,
    { requestId, hostId }: { readonly requestId: string; readonly hostId: string },
  ): Promise<void> {
    const queues = notifications.queues.map((queue) => ({ id: randomUUID(), ...queue }));
    for (const { queueArn } of queues) {
      await this.delivery.sendToQueue?.(queueArn, testMessage(bucket.name, requestId, hostId));
    }
    this.#configurations.set(bucket, { ...notifications, queues });
  }

  configurationOf(bucket: Bucket): BucketNotifications {
    return this.#configurations.get(bucket) ?? { queues: [], isEventBridgeEnabled: false };
  }

  /** Sends the event of a created object to its bucket's destinations. */
  objectCreated(event: ObjectCreated): void {
    const { queues, isEventBridgeEnabled } = this.configurationOf(event.bucket);
    for (const { queueArn, id = '' } of queues.filter((queue) => isWanted(queue, event))) {
      const body = queueMessage(event, this.origin, id);
      this.#deliver('a notification', () => this.delivery.sendToQueue?.(queueArn, body));
    }
    if (isEventBridgeEnabled) {
      const busEvent = eventBridgeEvent(event, this.origin);
      this.#deliver('an EventBridge event', () => this.delivery.putEvent?.(busEvent));
    }
  }

  /** Resolves when all events are delivered. */
  async settled(): Promise<void> {
    while (this.#deliveries.size > 0) await Promise.all(this.#deliveries);
  }

  #deliver(what: string, send: () => Promise<void> | undefined): void {
    const delivering = Promise.resolve()
      .then(send)
      .catch((error: unknown) => {
        this.delivery.reportError(`S3 could not deliver ${what}`, error);
      })
      .finally(() => this.#deliveries.delete(delivering));
    this.#deliveries.add(delivering);
  }
}

function isWanted({ events, prefix = '', suffix = '' }: QueueNotification, { call, creation }: ObjectCreated): boolean {
  const isOfEvents = events.includes('s3:ObjectCreated:*') || events.includes(`s3:ObjectCreated:${creation}`);
  return isOfEvents && call.key.startsWith(prefix) && call.key.endsWith(suffix);
}
