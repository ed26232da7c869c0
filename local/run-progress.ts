import { ProgressBar, ProgressLine } from '../cli/terminal/progress';

/** The progress of a local run, on the last line of standard error, if that is a terminal. */
export class RunProgress {
  private readonly line = new ProgressLine();
  private readonly bar = new ProgressBar({
    isTerminal: process.stderr.isTTY,
    redraw: (line) => this.line.draw(line),
  });

  /** @param note what is counted, such as `photos`. */
  constructor(
    private readonly total: number,
    private readonly note: string,
  ) {}

  readonly update = (done: number): void =>
    this.bar.update({ done: Math.floor(done), total: this.total, note: this.note });

  clear(): void {
    this.line.clear();
  }
}
