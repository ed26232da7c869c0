import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalComplyCube } from 'complycube-stand-in/server';
import type { Happening, Moment } from '../plan/moment-plan';

const outageMs = 10 * 60_000;
/** How long a rotation is half done. */
const rotationMs = 3 * 60_000;
/** How long ComplyCube asks for a payment. */
const paymentMs = 4 * 60_000;

/** What happenings depend on. */
export interface HappeningDeps {
  readonly complyCube: Pick<LocalComplyCube, 'acceptKey' | 'revokeKey'>;
  /** Current processes of the function. */
  readonly functionProcessIds: () => readonly number[];
  readonly putKeyIntoSecret: (key: string) => void;
  /** How many times faster the minutes of an outage and of a rotation pass. */
  readonly speed: number;
}

/** The key in force when a run starts. */
export const firstKey = 'live_key_1';

/** Lets the planned happenings take place as a run makes progress. */
export class Happenings {
  /** How often each took place; kills: how many processes. */
  readonly counts = { 'processes killed': 0, 'keys rotated': 0, outages: 0, 'payments due': 0 };
  isOutage = false;
  isPaymentDue = false;
  private livePhotos = 0;
  private underWay = 0;
  private keys = 1;
  private readonly toCome: Moment[];

  /** @param moments in their order. */
  constructor(
    moments: readonly Moment[],
    private readonly deps: HappeningDeps,
  ) {
    this.toCome = [...moments];
  }

  /** Whether none is half done. */
  get isIdle(): boolean {
    return this.underWay === 0;
  }

  /** Called with each live photo as soon as it is stored: its upload is not answered yet. */
  readonly livePhotoStored = (): void => {
    this.livePhotos += 1;
    for (
      let next = this.toCome[0];
      next !== undefined && next.afterLivePhotos <= this.livePhotos;
      next = this.toCome[0]
    ) {
      this.toCome.shift();
      void this.take(next.happening);
    }
  };

  private async take(happening: Happening): Promise<void> {
    this.underWay += 1;
    if (happening.what === 'kill') this.kill(happening.victims);
    else if (happening.what === 'outage') await this.outage();
    else if (happening.what === 'payment due') await this.paymentDue();
    else await this.rotateKey(happening.isOldRevokedFirst);
    this.underWay -= 1;
  }

  private kill(victims: 'one' | 'all'): void {
    const processIds = this.deps.functionProcessIds();
    for (const processId of victims === 'all' ? processIds : processIds.slice(0, 1)) {
      this.counts['processes killed'] += 1;
      kill(processId);
    }
  }

  private async outage(): Promise<void> {
    this.counts.outages += 1;
    this.isOutage = true;
    await pause(outageMs / this.deps.speed);
    this.isOutage = false;
  }

  private async paymentDue(): Promise<void> {
    this.counts['payments due'] += 1;
    this.isPaymentDue = true;
    await pause(paymentMs / this.deps.speed);
    this.isPaymentDue = false;
  }

  private async rotateKey(isOldRevokedFirst: boolean): Promise<void> {
    const { complyCube, putKeyIntoSecret, speed } = this.deps;
    this.counts['keys rotated'] += 1;
    const oldKey = `live_key_${this.keys++}`;
    const newKey = `live_key_${this.keys}`;
    if (isOldRevokedFirst) {
      complyCube.revokeKey(oldKey);
      await pause(rotationMs / speed);
    }
    complyCube.acceptKey(newKey);
    putKeyIntoSecret(newKey);
    if (isOldRevokedFirst) return;
    await pause(rotationMs / speed);
    complyCube.revokeKey(oldKey);
  }
}

/** Keeps no process alive: a run that is given up does not wait for it. */
async function pause(ms: number): Promise<void> {
  await sleep(ms, undefined, { ref: false });
}

function kill(processId: number): void {
  try {
    process.kill(processId, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it ended by itself meanwhile
  }
}
