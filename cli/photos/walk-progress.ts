import { ProgressBar } from '../terminal/progress';
import type { Terminal } from '../terminal/terminal';
import { count } from '../terminal/text';
import type { WalkCounts } from './photo-walk';

/** Draws the progress of a walk over photo objects on a terminal. */
export class WalkProgress {
  private readonly countingBar: ProgressBar;
  private readonly walkBar: ProgressBar;
  private total: number | undefined;
  private queued: number | undefined;
  private latest: WalkCounts | undefined;

  /** @param verb what happens to the selected objects. */
  constructor(
    terminal: Terminal,
    private readonly verb: 'sent' | 'to send',
  ) {
    this.countingBar = new ProgressBar(terminal);
    this.walkBar = new ProgressBar(terminal);
  }

  /** @param total number of photo objects that were counted so far. */
  readonly onCount = (total: number): void => {
    this.total = total;
    this.countingBar.update({ done: total, total: undefined, note: 'counting photo objects' });
  };

  readonly onProgress = (counts: WalkCounts): void => {
    this.latest = counts;
    const queue = this.queued === undefined ? '' : `  waiting: ${count(this.queued, 'message')} in the queue`;
    const note = `${counts.selected.toLocaleString('en')} ${this.verb}${queue}`;
    this.walkBar.update({ done: counts.seen, total: this.total, note });
  };

  /** @param queued number of messages in the queue while the walk waits; undefined: it continues. */
  readonly onWait = (queued: number | undefined): void => {
    this.queued = queued;
    if (this.latest !== undefined) this.onProgress(this.latest);
  };
}
