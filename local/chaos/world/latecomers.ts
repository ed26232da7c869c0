import type { PublishedEvent } from 'local-aws/eventbridge/server';
import { plainPhoto, type PlannedPhoto } from '../plan/photo-plan';
import { isCountedRefusal } from '../plan/special-cases';
import type { PhotoApp } from './photo-app';

const everyMs = 10 * 60_000;

/**
 * Photos that come for as long as ComplyCube refuses others without naming photo or client: the function rejects those only if
 * ComplyCube goes on accepting photos.
 */
export class Latecomers {
  count = 0;
  /** The clients of refused photos that have no outcome yet. */
  private readonly waiting: Set<string>;
  private readonly timer: NodeJS.Timeout;

  /** @param speed how many times faster than planned time passes. */
  constructor(
    photos: readonly PlannedPhoto[],
    private readonly seed: number,
    app: Pick<PhotoApp, 'isIdle' | 'putLate'>,
    speed: number,
  ) {
    this.waiting = new Set(photos.filter(({ special }) => isCountedRefusal(special)).map(({ clientId }) => clientId));
    this.timer = setInterval(() => {
      if (app.isIdle && this.waiting.size > 0) app.putLate(this.next());
    }, everyMs / speed);
  }

  /** Called with each event of the function. */
  readonly onEvent = ({ detail }: PublishedEvent): void => {
    this.waiting.delete(String(detail['clientId']));
  };

  stop(): void {
    clearInterval(this.timer);
  }

  private next(): PlannedPhoto {
    this.count += 1;
    return plainPhoto(this.seed, `late/${String(this.count).padStart(5, '0')}.jpg`);
  }
}
