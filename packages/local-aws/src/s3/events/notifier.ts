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

/** A notification of created objects to a queue, as S3's NotificationConfiguration has it. */
export interface QueueNotification {
  readonly queueArn: string;
  readonly events: readonly `s3:ObjectCreated:${'*' | Creation}`[];
  /** Of the key as it is, not encoded. */
  readonly prefix?: string;
  /** Of the key as it is, not encoded. */
  readonly suffix?: string;
  /** Given in each record as `configurationId`; left out, a random one. */
  readonly id?: string;
}

/** Where a bucket's events go. */
export interface BucketNotifications {
  readonly queues: readonly QueueNotification[];
  readonly isEventBridgeEnabled: boolean;
}

/** The ways out of S3 for events; an event that has none is dropped. */
export interface EventDelivery {
  /** Delivers one notification body to a queue. */
  readonly sendToQueue?: ((queueArn: string, body: string) => Promise<void>) | undefined;
  /** Delivers one EventBridge event. */
  readonly putEvent?: ((event: EventBridgeEvent) => Promise<void>) | undefined;
  /** Told of an event that could not be delivered; S3 would try again for a long time, this server does not. */
  readonly reportError: (what: string, error: unknown) => void;
}

/** Sends the events of all buckets, without keeping the requests that cause them waiting. */
export class Notifier {
  readonly #configurations = new WeakMap<Bucket, BucketNotifications>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(
    private readonly origin: EventOrigin,
    private readonly delivery: EventDelivery,
  ) {}

  /**
   * Sets up where a bucket's events go, and sends each queue the test event.
   * @throws what `sendToQueue` throws: S3, too, refuses a queue that it cannot reach.
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

  /** Where a bucket's events go, as it was set up. */
  configurationOf(bucket: Bucket): BucketNotifications {
    return this.#configurations.get(bucket) ?? { queues: [], isEventBridgeEnabled: false };
  }

  /** Sends the event of a created object to wherever its bucket's configuration says. */
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

  /** Resolves when nothing is being delivered any more. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #deliver(what: string, send: () => Promise<void> | undefined): void {
    const delivering = Promise.resolve()
      .then(send)
      .catch((error: unknown) => {
        this.delivery.reportError(`S3 could not deliver ${what}`, error);
      })
      .finally(() => this.#underWay.delete(delivering));
    this.#underWay.add(delivering);
  }
}

function isWanted({ events, prefix = '', suffix = '' }: QueueNotification, { call, creation }: ObjectCreated): boolean {
  const isOfEvents = events.includes('s3:ObjectCreated:*') || events.includes(`s3:ObjectCreated:${creation}`);
  return isOfEvents && call.key.startsWith(prefix) && call.key.endsWith(suffix);
}
