import { redeliveredVersionId } from './events';
import { prices } from '../local/prices';
import { BilledContestant } from './rows/billed';
import { peakOf } from './rows/peak-memory';
import type { Setup } from './setup';
import { type Spread, spreadOf } from './statistics';

/** Cost and peak memory with one size of the function's memory. */
export interface MemorySize {
  readonly memoryMb: number;
  /** Per photo of 500 KB, in batches of ten. */
  readonly billedMs: Spread;
  /** US dollars for a million photos of 500 KB: compute and requests. */
  readonly dollarsPerMillion: number;
  /** Peak memory with ten photos of 4 MB at once. */
  readonly peakMb: number;
  /** The same with redelivered photos, each of which is compared with a live photo at ComplyCube. */
  readonly redeliveredPeakMb: number;
}

const sizes = [128, 256, 512, 1024, 1769] as const;
const photosABatch = 10;

/** Measures billed time and peak memory with each size. The sizes take turns. */
export async function measureMemorySizes(setup: Setup, rounds: number): Promise<MemorySize[]> {
  const contestants = new Map<number, BilledContestant>();
  for (const memoryMb of sizes) contestants.set(memoryMb, await BilledContestant.start(setup, 'own', memoryMb));
  const billedMs = new Map<number, number[]>(sizes.map((memoryMb) => [memoryMb, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [memoryMb, contestant] of contestants) {
      billedMs.get(memoryMb)?.push(await contestant.billedMs(photosABatch));
    }
  }
  for (const contestant of contestants.values()) await contestant.stop();
  await setup.setDistances({});
  const measured: MemorySize[] = [];
  for (const memoryMb of sizes) {
    const billed = spreadOf(billedMs.get(memoryMb) ?? []);
    const { peakMb } = await peakOf(setup, 'own', memoryMb);
    const { peakMb: redeliveredPeakMb } = await peakOf(setup, 'own', memoryMb, redeliveredVersionId);
    const dollars = dollarsPerMillion(memoryMb, billed.median);
    measured.push({ memoryMb, billedMs: billed, dollarsPerMillion: dollars, peakMb, redeliveredPeakMb });
  }
  return measured;
}

/** US dollars for a million photos in full batches. @param billedMs per photo. */
export function dollarsPerMillion(memoryMb: number, billedMs: number): number {
  const { arm64GigabyteSecond, request } = prices.lambda;
  return 1e6 * ((billedMs / 1000) * (memoryMb / 1024) * arm64GigabyteSecond + request / photosABatch);
}

type Room = Pick<MemorySize, 'memoryMb' | 'peakMb' | 'redeliveredPeakMb'>;

/** Whether ten photos of 4 MB fit, redelivered or not. A fifth is reserved for Lambda's own programs. */
export function hasRoom({ memoryMb, peakMb, redeliveredPeakMb }: Room): boolean {
  return Math.max(peakMb, redeliveredPeakMb) <= memoryMb * 0.8;
}

/** The cheapest size that has enough room; undefined if none has. */
export function bestSize(measured: readonly MemorySize[]): MemorySize | undefined {
  return measured.filter(hasRoom).sort((a, b) => a.dollarsPerMillion - b.dollarsPerMillion)[0];
}

/** Renders the sizes as a Markdown table. */
export function renderMemorySizes(measured: readonly MemorySize[]): string {
  const best = bestSize(measured);
  const lines = measured.map((size) => {
    const { memoryMb, billedMs, peakMb, redeliveredPeakMb } = size;
    const billed = `${billedMs.median.toFixed(0)} (${billedMs.low.toFixed(0)}–${billedMs.high.toFixed(0)})`;
    const verdict = size === best ? 'cheapest that fits' : hasRoom(size) ? '' : 'too small';
    const dollars = `$${size.dollarsPerMillion.toFixed(2)}`;
    return `| ${[memoryMb, billed, dollars, peakMb.toFixed(0), redeliveredPeakMb.toFixed(0), verdict].join(' | ')} |`;
  });
  const head = '| MB | billed ms a photo | a million photos | peak MB, ten 4 MB photos | the same, redelivered | |';
  return [head, '| --: | --: | --: | --: | --: | --- |', ...lines].join('\n');
}
