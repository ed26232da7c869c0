import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalComplyCube } from 'complycube-stand-in/server';
import type { RunEvent, Moment } from '../plan/moment-plan';

const outageMs = 10 * 60_000;
/** The time between the two steps of a key rotation. */
const rotationMs = 3 * 60_000;
/** How long ComplyCube answers with 402. */
const paymentMs = 4 * 60_000;

/** Dependencies of {@link RunEvents}. */
export interface RunEventDeps {
  readonly complyCube: Pick<LocalComplyCube, 'acceptKey' | 'revokeKey'>;
  /** Current processes of the function. */
  readonly functionProcessIds: () => readonly number[];
  readonly putKeyIntoSecret: (key: string) => void;
  /** Factor by which outages and rotations are shortened. */
  readonly speed: number;
}

/** The API key at the start of a run. */
export const firstKey = 'live_key_1';

/** Executes the planned events of a run, depending on its progress. */
export class RunEvents {
  /** How often each event happened, and how many processes were killed. */
  readonly counts = { 'processes killed': 0, 'keys rotated': 0, outages: 0, 'payments due': 0 };
  isOutage = false;
  isPaymentDue = false;
  private livePhotos = 0;
  private running = 0;
  private keys = 1;
  private readonly pending: Moment[];

  /** @param moments in order. */
  constructor(
    moments: readonly Moment[],
    private readonly deps: RunEventDeps,
  ) {
    this.pending = [...moments];
  }

  /** Whether no event is in progress. */
  get isIdle(): boolean {
    return this.running === 0;
  }

  /** Call for each live photo as soon as it is stored, before its upload is answered. */
  readonly livePhotoStored = (): void => {
    this.livePhotos += 1;
    for (
      let next = this.pending[0];
      next !== undefined && next.afterLivePhotos <= this.livePhotos;
      next = this.pending[0]
    ) {
      this.pending.shift();
      void this.take(next.runEvent);
    }
  };

  private async take(runEvent: RunEvent): Promise<void> {
    this.running += 1;
    if (runEvent.what === 'kill') this.kill(runEvent.victims);
    else if (runEvent.what === 'outage') await this.outage();
    else if (runEvent.what === 'payment due') await this.paymentDue();
    else await this.rotateKey(runEvent.isOldRevokedFirst);
    this.running -= 1;
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

/** Does not keep the process alive, so a run that is stopped early does not wait. */
async function pause(ms: number): Promise<void> {
  await sleep(ms, undefined, { ref: false });
}

function kill(processId: number): void {
  try {
    process.kill(processId, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // the process has ended already
  }
}
