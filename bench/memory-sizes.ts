import { redeliveredVersionId } from './events';
import { prices } from './prices';
import { BilledContestant } from './rows/billed';
import { peakOf } from './rows/peak-memory';
import type { Stage } from './stage';
import { type Spread, spreadOf } from './statistics';

/** What one size of the function's memory comes to. */
export interface MemorySize {
  readonly memoryMb: number;
  /** Milliseconds a photo of 500 KB, in batches of ten. */
  readonly billedMs: Spread;
  /** Dollars for a million such photos: compute and requests. */
  readonly dollarsPerMillion: number;
  /** The most that the process held with ten photos of 4 MB at once. */
  readonly peakMb: number;
  /** The same with photos that come again, each of which is compared with a live photo that ComplyCube has. */
  readonly redeliveredPeakMb: number;
}

const sizes = [128, 256, 512, 1024, 1769] as const;
const photosABatch = 10;

/** Measures what the function is billed for with each size, the sizes taking turns. */
export async function measureMemorySizes(stage: Stage, rounds: number): Promise<MemorySize[]> {
  const contestants = new Map<number, BilledContestant>();
  for (const memoryMb of sizes) contestants.set(memoryMb, await BilledContestant.start(stage, 'own', memoryMb));
  const billedMs = new Map<number, number[]>(sizes.map((memoryMb) => [memoryMb, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [memoryMb, contestant] of contestants) {
      billedMs.get(memoryMb)?.push(await contestant.billedMs(photosABatch));
    }
  }
  for (const contestant of contestants.values()) await contestant.stop();
  await stage.setDistances({});
  const measured: MemorySize[] = [];
  for (const memoryMb of sizes) {
    const billed = spreadOf(billedMs.get(memoryMb) ?? []);
    const { peakMb } = await peakOf(stage, 'own', memoryMb);
    const { peakMb: redeliveredPeakMb } = await peakOf(stage, 'own', memoryMb, redeliveredVersionId);
    const dollars = dollarsPerMillion(memoryMb, billed.median);
    measured.push({ memoryMb, billedMs: billed, dollarsPerMillion: dollars, peakMb, redeliveredPeakMb });
  }
  return measured;
}

/** Dollars for a million photos at so many billed milliseconds each, in full batches. */
export function dollarsPerMillion(memoryMb: number, billedMs: number): number {
  const { arm64GigabyteSecond, request } = prices.lambda;
  return 1e6 * ((billedMs / 1000) * (memoryMb / 1024) * arm64GigabyteSecond + request / photosABatch);
}

type Room = Pick<MemorySize, 'memoryMb' | 'peakMb' | 'redeliveredPeakMb'>;

/** Whether ten photos of 4 MB fit, come again or not, with a fifth to spare for what Lambda's own programs take. */
export function hasRoom({ memoryMb, peakMb, redeliveredPeakMb }: Room): boolean {
  return Math.max(peakMb, redeliveredPeakMb) <= memoryMb * 0.8;
}

/** The cheapest size of those that have room; undefined when none has. */
export function bestSize(measured: readonly MemorySize[]): MemorySize | undefined {
  return measured.filter(hasRoom).sort((a, b) => a.dollarsPerMillion - b.dollarsPerMillion)[0];
}

/** The sizes as a Markdown table. */
export function renderMemorySizes(measured: readonly MemorySize[]): string {
  const best = bestSize(measured);
  const lines = measured.map((size) => {
    const { memoryMb, billedMs, peakMb, redeliveredPeakMb } = size;
    const billed = `${billedMs.median.toFixed(0)} (${billedMs.low.toFixed(0)}–${billedMs.high.toFixed(0)})`;
    const verdict = size === best ? 'cheapest with room' : hasRoom(size) ? '' : 'too little room';
    const dollars = `$${size.dollarsPerMillion.toFixed(2)}`;
    return `| ${[memoryMb, billed, dollars, peakMb.toFixed(0), redeliveredPeakMb.toFixed(0), verdict].join(' | ')} |`;
  });
  const head = '| MB | billed ms a photo | a million photos | most MB held, ten 4 MB photos | the same, come again | |';
  return [head, '| --: | --: | --: | --: | --: | --- |', ...lines].join('\n');
}
