import { canLimitCpu, cpuShareOf, limitCpu } from '../cpu-share';
import { RunningContestant } from '../contestant';
import type { Contestant } from '../contestants';
import { batchOf, photoBytes } from '../events';
import { ratioRow, type Row } from '../row';
import type { Stage } from '../stage';

/** ComplyCube takes its time to look at a photo; S3 and EventBridge are near. */
const distances = {
  s3: { roundTripMs: 15 },
  eventBridge: { roundTripMs: 15 },
  complyCube: { roundTripMs: 20, thinkMs: 280 },
};

/** What Lambda bills for a photo: time by the clock, with the CPU that 512 MB get. ComplyCube's pace is not applied. */
export async function measureBilled(stage: Stage, rounds: number): Promise<Row[]> {
  if (!canLimitCpu) return [];
  const own = await BilledContestant.start(stage, 'own', 512);
  const naive = await BilledContestant.start(stage, 'naive', 512);
  const ownMs: number[] = [];
  const naiveMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ownMs.push(await own.billedMs(10));
    naiveMs.push(await naive.billedMs(1));
  }
  for (const contestant of [own, naive]) await contestant.stop();
  await stage.setDistances({});
  const row = { what: 'billed a photo, 500 KB, 512 MB, batches of ten', against: 'naive, one at a time', goal: 0.2 };
  return [ratioRow(row, { own: ownMs, other: naiveMs, of: 'ms' })];
}

/** A contestant that is held to the CPU of its memory while it works. */
export class BilledContestant {
  private constructor(
    private readonly running: RunningContestant,
    private readonly share: number,
  ) {}

  static async start(stage: Stage, contestant: Contestant, memoryMb: number): Promise<BilledContestant> {
    const running = await RunningContestant.startLoaded(stage, contestant, memoryMb);
    await stage.setDistances({});
    await running.invoke(batchOf(10, photoBytes.medium), 5);
    await stage.setDistances(distances);
    return new BilledContestant(running, cpuShareOf(memoryMb));
  }

  /** Billed milliseconds a photo of a batch of so many photos of 500 KB. */
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
