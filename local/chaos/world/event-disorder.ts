import type { SendNotification } from '../../pipeline/pipeline';
import { type EventShape, messageOf, type NotificationRecord, recordOf, shapeMessage } from '../plan/event-shapes';
import type { PlannedPhoto } from '../plan/photo-plan';

/** The maximum time that a record waits for the next one. */
const bundleMs = 500;

interface WaitingRecord {
  readonly record: NotificationRecord;
  readonly timer: NodeJS.Timeout;
}

/** Delivers S3's events to the queue late, out of order, more than once and in different forms, as planned. */
export class EventDisorder {
  /** Number of repeated deliveries of events. */
  repeated = 0;
  /** Number of late deliveries. */
  late = 0;
  /** Number of messages of each form. */
  readonly shapes: Partial<Record<EventShape['what'], number>> = {};
  private readonly planned = new Map<string, PlannedPhoto[]>();
  private readonly seen = new Map<string, number>();
  private readonly held = new Set<NodeJS.Timeout>();
  private waiting: WaitingRecord | undefined;

  /** @param speed factor by which planned delays are shortened. */
  constructor(
    photos: readonly PlannedPhoto[],
    private readonly speed: number,
  ) {
    const all = photos.flatMap((photo) => [photo, photo.interference?.successor ?? []].flat());
    for (const photo of all) this.planned.set(photo.key, [...(this.planned.get(photo.key) ?? []), photo]);
  }

  /** Number of pending deliveries. */
  get heldCount(): number {
    return this.held.size;
  }

  /** Handles one notification of S3. Notifications about other objects are sent immediately. */
  readonly take = (body: string, send: SendNotification): void => {
    const record = recordOf(body);
    const photo = record && this.nextOf(decodeURIComponent(record.s3.object.key.replaceAll('+', ' ')));
    if (record === undefined || photo === undefined) {
      send();
      return;
    }
    this.repeated += photo.deliveriesMs.length - 1;
    for (const latenessMs of photo.deliveriesMs) {
      const deliver = (): void => this.deliver(record, photo.eventShape, send);
      if (latenessMs === 0) deliver();
      else {
        this.late += 1;
        this.hold(latenessMs / this.speed, deliver);
      }
    }
  };

  /** Cancels pending deliveries. */
  stop(): void {
    for (const timer of this.held) clearTimeout(timer);
    this.held.clear();
  }

  /** The photo of this event. Photos with the same key are uploaded one after another. */
  private nextOf(key: string): PlannedPhoto | undefined {
    const at = this.seen.get(key) ?? 0;
    this.seen.set(key, at + 1);
    return this.planned.get(key)?.[at];
  }

  private deliver(record: NotificationRecord, shape: EventShape, send: SendNotification): void {
    this.shapes[shape.what] = (this.shapes[shape.what] ?? 0) + 1;
    const before = this.waiting;
    if (shape.what === 'with the next record' && before === undefined) {
      const timer = this.hold(bundleMs, () => {
        this.waiting = undefined;
        send(messageOf([record]));
      });
      this.waiting = { record, timer };
    } else if (before !== undefined && (shape.what === 'with the next record' || shape.what === 'notification')) {
      this.waiting = undefined;
      clearTimeout(before.timer);
      this.held.delete(before.timer);
      send(messageOf([before.record, record]));
    } else send(shapeMessage(record, shape));
  }

  private hold(ms: number, work: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.held.delete(timer);
      work();
    }, ms);
    this.held.add(timer);
    return timer;
  }
}
