import type { WriteStream } from 'node:tty';
import { duration } from './text';

const clearLine = '\r\u001B[2K';

/** A line on a terminal that is replaced by the next one. Writes nothing to streams that are not terminals. */
export class ProgressLine {
  private isDrawn = false;

  constructor(private readonly stream: Pick<WriteStream, 'isTTY' | 'columns' | 'write'> = process.stderr) {}

  draw(line: string): void {
    if (!this.stream.isTTY) return;
    this.stream.write(clearLine + line.slice(0, this.stream.columns - 1));
    this.isDrawn = true;
  }

  /** Removes the line, so that other output does not follow it. */
  clear(): void {
    if (this.isDrawn) this.stream.write(clearLine);
    this.isDrawn = false;
  }
}

/** The progress of a task. */
export interface Progress {
  readonly done: number;
  /** Undefined if it is not known. */
  readonly total: number | undefined;
  readonly note: string;
}

const drawEveryMs = 100;
/** The rate is measured over this time: an older rate does not predict the remaining time. */
const windowMs = 30_000;
const sampleEveryMs = 1_000;
const barWidth = 24;

/** Draws a bar with rate and remaining time on a terminal, at most ten times a second. */
export class ProgressBar {
  private samples: { readonly atMs: number; readonly done: number }[] = [];
  private drawnAtMs = -Infinity;

  constructor(
    private readonly terminal: { readonly isTerminal: boolean; redraw(line: string): void },
    private readonly now: () => number = Date.now,
  ) {}

  update(progress: Progress): void {
    if (!this.terminal.isTerminal) return;
    const nowMs = this.now();
    const latest = this.samples.at(-1);
    if (latest === undefined || nowMs - latest.atMs >= sampleEveryMs) {
      this.samples.push({ atMs: nowMs, done: progress.done });
      this.samples = this.samples.filter(({ atMs }) => nowMs - atMs <= windowMs);
    }
    if (nowMs - this.drawnAtMs < drawEveryMs) return;
    this.drawnAtMs = nowMs;
    this.terminal.redraw(renderProgress(progress, this.ratePerSecond(progress.done, nowMs)));
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
    // `done` exceeds `total` if objects were created after they were counted.
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const filled = Math.floor(share * barWidth);
    parts.unshift(`${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${Math.floor(share * 100)}%`);
    if (ratePerSecond !== undefined && ratePerSecond > 0) {
      parts.push(`${duration((Math.max(0, total - done) / ratePerSecond) * 1000)} left`);
    }
  }
  return [...parts, note].filter((part) => part !== '').join('  ');
}
