import { parseObjectEvents } from '../../lambda/object-events';
import type { PlannedPhoto } from './photo-plan';

/** Stands between S3 and the queue: delivers events late, out of order and more than once, as planned. */
export class EventDisorder {
  /** How many deliveries an object's event came with beyond its first. */
  repeated = 0;
  /** How many deliveries came late. */
  late = 0;
  private readonly planned: ReadonlyMap<string, readonly PlannedPhoto[]>;
  private readonly seen = new Map<string, number>();
  private readonly held = new Set<NodeJS.Timeout>();

  /** @param speed how many times faster than planned lateness passes. */
  constructor(
    photos: readonly PlannedPhoto[],
    private readonly speed: number,
  ) {
    this.planned = new Map(
      photos.map((photo) => {
        const successor = photo.interference?.successor;
        return [photo.key, successor === undefined ? [photo] : [photo, successor]];
      }),
    );
  }

  /** How many deliveries are still to come. */
  get heldCount(): number {
    return this.held.size;
  }

  /** Takes one notification of S3's; what is no planned photo's event is sent as it is. */
  readonly take = (body: string, send: () => void): void => {
    const [location] = parseObjectEvents(body);
    const deliveriesMs = this.nextOf(location?.key ?? '')?.deliveriesMs ?? [0];
    this.repeated += deliveriesMs.length - 1;
    for (const latenessMs of deliveriesMs) {
      if (latenessMs === 0) send();
      else this.hold(latenessMs / this.speed, send);
    }
  };

  /** Gives up what is still to come. */
  stop(): void {
    for (const timer of this.held) clearTimeout(timer);
    this.held.clear();
  }

  /** The photo whose event this is: a key's photos are put one after another. */
  private nextOf(key: string): PlannedPhoto | undefined {
    const at = this.seen.get(key) ?? 0;
    this.seen.set(key, at + 1);
    return this.planned.get(key)?.[at];
  }

  private hold(ms: number, send: () => void): void {
    this.late += 1;
    const timer = setTimeout(() => {
      this.held.delete(timer);
      send();
    }, ms);
    this.held.add(timer);
  }
}
