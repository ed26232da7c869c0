import { type Clock, systemClock } from '../clock';

/** Permission for one call to start. */
export interface Turn {
  /** Must be called when the request is sent or has failed, unless the turn is abandoned. Only the first call counts. */
  readonly sent: () => void;
  /** Must be called instead if nothing is sent. Then the next turn does not wait for this one. */
  readonly abandon: () => void;
  /** Must be called with every answer. Refused: ComplyCube answered 429. */
  readonly answered: (isRefused: boolean) => void;
}

/** Calls that started one after the other at the same pace, within one window. */
interface Round {
  readonly pace: number;
  readonly startedAtMs: number;
  calls: number;
  refused: number;
}

/**
 * Decides when a call to ComplyCube may start. Nothing else decides this.
 *
 * It allows a number of calls in each window of about a second. The event source's maximum concurrency times the highest pace is
 * the account's limit, so environments need no coordination. The window counts from when a call was sent, not from when its turn
 * began. Opening a connection may delay a call by more than the margin in {@link windowMs}, and the calls behind it, which reuse
 * connections, would reach ComplyCube too early. The calls of a window are spread: photos of 4 MB that are sent at once delay each
 * other, and what comes after them, by more than that margin.
 *
 * The app's own calls use the same account, and a sandbox allows less. So the pace adapts to ComplyCube's answers, as TCP adapts
 * to a network:
 * - A new environment starts at a fifth of the highest pace, and doubles it each second until it reaches the limit.
 * - Each refused call of a round lowers pace and limit by one. If the whole round was refused, ComplyCube blocks everything. Then
 *   one call is tried a second, then one in two seconds, and so on, and the limit becomes one less than before the block.
 * - After a while without refusals the limit is raised by a little. The more raises are refused, the longer that while. It is short
 *   again once a raise was not refused for that while.
 */
export class Pace {
  /** Calls in each window. Below 1: one call in each longer window. */
  private current: number;
  /** The highest pace that ComplyCube is believed to allow. */
  private limit: number;
  /** The limit before calls were refused. */
  private unrefusedLimit: number;
  private limitChangedAtMs: number;
  private raiseAfterMs = firstRaiseAfterMs;
  /** When the limit was last raised. Undefined if that was refused. */
  private raisedAtMs: number | undefined;
  private refusedAtMs = 0;
  /** Every call of a round was refused, and none has been accepted since. */
  private isBlocked = false;
  private round: Round;
  /** When the latest calls were sent, oldest first. At most `highest` entries. Undefined: that turn was abandoned. */
  private readonly sends: Promise<number | undefined>[] = [];
  private latestTurn: Promise<unknown> = Promise.resolve();
  private clockReadMs: number;
  private setBackMs = 0;

  /** @param highest the most calls a second, a whole number. */
  constructor(
    private readonly highest: number,
    private readonly clock: Pick<Clock, 'now' | 'sleep'> = systemClock,
    private readonly random: () => number = Math.random,
  ) {
    this.current = Math.ceil(highest / 5);
    this.limit = highest;
    this.unrefusedLimit = highest;
    this.clockReadMs = clock.now();
    this.limitChangedAtMs = this.now();
    this.round = this.newRound();
  }

  /** The calls that may start each second now. May be less than 1, never 0. */
  get callsPerSecond(): number {
    return this.current;
  }

  /**
   * The pace that ComplyCube is believed to allow, in percent of the highest. While it blocks everything, the pace of the tries. A
   * new environment's slow start does not count, because it says nothing about the account.
   */
  get percentAllowed(): number {
    return (100 * (this.isBlocked ? this.current : this.limit)) / this.highest;
  }

  /** Resolves when the next call may start, in the order of the requests. */
  turn(): Promise<Turn> {
    const turn = this.latestTurn.then(() => this.nextTurn());
    this.latestTurn = turn;
    return turn;
  }

  private async nextTurn(): Promise<Turn> {
    await this.waitForWindow();
    const now = this.now();
    if (now - this.round.startedAtMs >= windowOf(this.round.pace)) {
      if (this.round.refused === 0) this.unrefusedLimit = this.limit;
      this.raise(now);
      this.round = this.newRound();
    }
    const { round } = this;
    round.calls++;
    return new Promise((begin) => {
      const sending = new Promise<number | undefined>((resolve) => {
        const sent = (): void => {
          resolve(this.now());
        };
        const abandon = (): void => {
          round.calls--;
          // It is the latest: the next turn begins only when this one was sent or abandoned.
          void this.sends.pop();
          resolve(undefined);
        };
        const answered = (isRefused: boolean): void => {
          if (isRefused) this.lower(round);
          else if (round.startedAtMs > this.refusedAtMs) this.isBlocked = false;
        };
        begin({ sent, abandon, answered });
      });
      this.sends.push(sending);
      if (this.sends.length > this.highest) void this.sends.shift();
    });
  }

  /** Waits until fewer calls than the pace were sent within the last window. */
  private async waitForWindow(): Promise<void> {
    for (;;) {
      const pace = this.current;
      const latest = this.sends.at(-1);
      const oldest = this.sends.at(-Math.max(1, pace));
      const [latestSentAtMs = -Infinity, oldestSentAtMs = -Infinity] = await Promise.all([latest, oldest]);
      const isAbandoned = this.sends.at(-1) !== latest;
      if (isAbandoned) continue;
      // Environments that are refused together must not try again together.
      const wholeMs = windowOf(pace) * (pace < 1 ? 0.75 + this.random() / 2 : 1);
      const waitMs = Math.max(oldestSentAtMs + wholeMs, latestSentAtMs + spacingOf(pace)) - this.now();
      if (waitMs > 0) await this.clock.sleep(waitMs);
      // A refusal may have lowered the pace meanwhile.
      if (this.current >= pace) return;
    }
  }

  /** The clock's time. If the clock is set back, this time continues from where it was. */
  private now(): number {
    const ms = this.clock.now();
    this.setBackMs += Math.max(0, this.clockReadMs - ms);
    this.clockReadMs = ms;
    return ms + this.setBackMs;
  }

  private newRound(): Round {
    return { pace: this.current, startedAtMs: this.now(), calls: 0, refused: 0 };
  }

  /** Raises the pace after a round that was used in full and not refused. After a block, a call must have been accepted. */
  private raise(now: number): void {
    const { round, limit, highest } = this;
    // An answer may take longer than a round.
    if (this.isBlocked) return;
    if (round.calls < round.pace || round.pace !== this.current) return;
    if (this.current < limit) {
      this.current = Math.min(this.current < 1 ? limit : 2 * this.current, limit);
    } else if (now - this.limitChangedAtMs >= this.raiseAfterMs) {
      if (this.raisedAtMs !== undefined) this.raiseAfterMs = firstRaiseAfterMs;
      if (limit === highest) return;
      this.limit = Math.min(limit < 1 ? 2 * limit : limit + Math.ceil(highest / 10), highest);
      this.current = this.limit;
      this.limitChangedAtMs = now;
      this.raisedAtMs = now;
    }
  }

  private lower(round: Round): void {
    const now = this.now();
    round.refused++;
    this.refusedAtMs = now;
    const accepted = round.pace - round.refused;
    const isAllRefused = accepted < 1;
    const less = round.pace > 1 ? 1 : Math.max(round.pace / 2, leastPace);
    this.current = Math.min(this.current, isAllRefused ? less : accepted);
    // While everything is refused, the refusals say nothing about the limit.
    if (isAllRefused && this.isBlocked) return;
    const limit = isAllRefused ? Math.max(this.unrefusedLimit - 1, less) : Math.min(this.limit, accepted);
    this.isBlocked = isAllRefused;
    if (limit === this.limit) return;
    if (isAllRefused || now - (this.raisedAtMs ?? -Infinity) < soonMs) {
      this.raiseAfterMs = Math.min(
        Math.max(2 * this.raiseAfterMs, isAllRefused ? raiseAfterBlockMs : 0),
        maxRaiseAfterMs,
      );
      this.raisedAtMs = undefined;
    }
    this.limit = limit;
    this.limitChangedAtMs = now;
  }
}

/** A second, plus a margin for calls that reach ComplyCube faster than earlier ones. */
const windowMs = 1_025;

/** One call in 16 seconds. */
const leastPace = 1 / 16;

/** How long the pace stays before it is raised beyond what was refused earlier. A single refusal can be an accident. */
const firstRaiseAfterMs = 5_000;

/** The same after ComplyCube blocked everything. */
const raiseAfterBlockMs = 30_000;

/** The same after several raises were refused. */
const maxRaiseAfterMs = 4 * 60_000;

/** A refusal this soon after a raise was caused by it. */
const soonMs = 10_000;

/**
 * The least time between two calls: a third of an even share of the window. With more, calls that are late could not be made up
 * for.
 */
function spacingOf(pace: number): number {
  return windowMs / (3 * Math.max(1, pace));
}

function windowOf(pace: number): number {
  return windowMs / Math.min(1, pace);
}
