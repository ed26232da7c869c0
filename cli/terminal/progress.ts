import { duration } from './text';

/** How far something has come. */
export interface Progress {
  readonly done: number;
  /** Of how many; undefined while that is not known. */
  readonly total: number | undefined;
  /** What else to say. */
  readonly note: string;
}

const drawEveryMs = 100;
/** The rate is that of so long a time: an earlier one says little about the rest. */
const windowMs = 30_000;
const sampleEveryMs = 1_000;
const barWidth = 24;

/** Draws a bar with rate and time left on a person's terminal, not more often than an eye follows. */
export class ProgressBar {
  private samples: { readonly atMs: number; readonly done: number }[] = [];
  private drawnAtMs = -Infinity;

  constructor(
    private readonly draw: (line: string) => void,
    private readonly now: () => number,
  ) {}

  update(progress: Progress): void {
    const nowMs = this.now();
    const latest = this.samples.at(-1);
    if (latest === undefined || nowMs - latest.atMs >= sampleEveryMs) {
      this.samples.push({ atMs: nowMs, done: progress.done });
      this.samples = this.samples.filter(({ atMs }) => nowMs - atMs <= windowMs);
    }
    if (nowMs - this.drawnAtMs < drawEveryMs) return;
    this.drawnAtMs = nowMs;
    this.draw(renderProgress(progress, this.ratePerSecond(progress.done, nowMs)));
  }

  private ratePerSecond(done: number, nowMs: number): number | undefined {
    const [oldest] = this.samples;
    if (oldest === undefined || nowMs - oldest.atMs < sampleEveryMs) return undefined;
    return ((done - oldest.done) / (nowMs - oldest.atMs)) * 1000;
  }
}

/** Renders a bar: `██████░░░░ 60%  600/1,000  9.8/s  41 s left  note`. */
export function renderProgress({ done, total, note }: Progress, ratePerSecond: number | undefined): string {
  const numbers =
    total === undefined ? done.toLocaleString('en') : `${done.toLocaleString('en')}/${total.toLocaleString('en')}`;
  const rate =
    ratePerSecond === undefined ? '' : `${ratePerSecond.toLocaleString('en', { maximumFractionDigits: 1 })}/s`;
  const parts = [numbers, rate];
  if (total !== undefined) {
    // More objects may have come since they were counted.
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const filled = Math.floor(share * barWidth);
    parts.unshift(`${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${Math.floor(share * 100)}%`);
    if (ratePerSecond !== undefined && ratePerSecond > 0) {
      parts.push(`${duration((Math.max(0, total - done) / ratePerSecond) * 1000)} left`);
    }
  }
  return [...parts, note].filter((part) => part !== '').join('  ');
}
