import type { WalkTally } from './photo-walk';
import { ProgressBar } from '../terminal/progress';
import type { Shell } from '../terminal/terminal';
import { count } from '../terminal/text';

/** Shows a person at a terminal how a walk over photo objects goes; elsewhere it shows nothing. */
export class WalkDisplay {
  private readonly counting: ProgressBar;
  private readonly walking: ProgressBar;
  /** How many photo objects there are. */
  private total: number | undefined;
  private waitingFor: number | undefined;
  private latest: WalkTally | undefined;

  /** @param verb what is done with those selected. */
  constructor(
    private readonly shell: Pick<Shell, 'isTerminal' | 'redraw'>,
    private readonly verb: 'sent' | 'to send',
  ) {
    const draw = (line: string): void => {
      shell.redraw(line);
    };
    this.counting = new ProgressBar(draw, Date.now);
    this.walking = new ProgressBar(draw, Date.now);
  }

  /** Takes how many photo objects there are, as far as they are counted. */
  readonly onCount = (total: number): void => {
    this.total = total;
    this.counting.update({ done: total, total: undefined, note: 'counting the photos' });
  };

  /** Takes what the walk has come to. */
  readonly onProgress = (tally: WalkTally): void => {
    this.latest = tally;
    if (!this.shell.isTerminal) return;
    const queue = this.waitingFor === undefined ? '' : `  waiting: ${count(this.waitingFor, 'message')} in the queue`;
    const note = `${tally.selected.toLocaleString('en')} ${this.verb}${queue}`;
    this.walking.update({ done: tally.seen, total: this.total, note });
  };

  /** Takes how many messages are waited for; undefined: it goes on. */
  readonly onWait = (messages: number | undefined): void => {
    this.waitingFor = messages;
    if (this.latest !== undefined) this.onProgress(this.latest);
  };
}
