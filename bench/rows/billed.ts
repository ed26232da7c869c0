import { canLimitCpu, cpuShareOf, limitCpu } from '../cpu-share';
import { RunningContestant } from '../contestant';
import type { Contestant } from '../contestants';
import { batchOf, photoBytes } from '../events';
import { ratioRow, type Row } from '../row';
import type { Setup } from '../setup';

/** ComplyCube inspects a photo before it answers. S3 and EventBridge are in the same region. */
const distances = {
  s3: { roundTripMs: 15 },
  eventBridge: { roundTripMs: 15 },
  complyCube: { roundTripMs: 20, thinkMs: 280 },
};

/** Measures what Lambda bills for a photo: wall time with the CPU of 512 MB. The rate limit is not applied. */
export async function measureBilled(setup: Setup, rounds: number): Promise<Row[]> {
  if (!canLimitCpu) return [];
  const own = await BilledContestant.start(setup, 'own', 512);
  const naive = await BilledContestant.start(setup, 'naive', 512);
  const ownMs: number[] = [];
  const naiveMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ownMs.push(await own.billedMs(10));
    naiveMs.push(await naive.billedMs(1));
  }
  for (const contestant of [own, naive]) await contestant.stop();
  await setup.setDistances({});
  const what = 'billed a photo, 500 KB, 512 MB, batches of ten';
  return [ratioRow({ what, against: 'naive, one at a time', goal: 0.2 }, ownMs, naiveMs)];
}

/** A contestant with the CPU that Lambda allocates to its memory. */
export class BilledContestant {
  private constructor(
    private readonly running: RunningContestant,
    private readonly share: number,
  ) {}

  static async start(setup: Setup, contestant: Contestant, memoryMb: number): Promise<BilledContestant> {
    const running = await RunningContestant.startLoaded(setup, contestant, memoryMb);
    await setup.setDistances({});
    await running.invoke(batchOf(10, photoBytes.medium), 5);
    await setup.setDistances(distances);
    return new BilledContestant(running, cpuShareOf(memoryMb));
  }

  /** Billed milliseconds per photo of a batch of photos of 500 KB. */
  async billedMs(photos: number): Promise<number> {
    const limit = limitCpu(this.running.processId, this.share);
    const { wallMs } = await this.running.invoke(batchOf(photos, photoBytes.medium));
    limit.lift();
    return Math.ceil(wallMs) / photos;
  }

  stop(): Promise<void> {
    return this.running.stop();
  }
}
