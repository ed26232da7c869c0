import type { CallName } from './calls';
import type { FaultKind } from './fault-table';

/** What was sent: an HTTP status, or nothing at all (a hang, a reset, a caller that went away). */
export type SentStatus = number | 'no answer';

/** What the stand-in has seen and done since it started. */
export interface Statistics {
  /** How often each call was answered with which status; `other` is every request that is no call of the stand-in's. */
  requests: Record<string, Record<string, number>>;
  /** How often each fault took place. */
  faults: Partial<Record<FaultKind, number>>;
  /** How many live photos there are, by account. */
  livePhotos: { test: number; live: number };
  /** The most requests with a valid key, refused ones too, that arrived within any 1,000 ms, by account. */
  peakRequestsPerSecond: { test: number; live: number };
}

/** Counts answers and faults. */
export class Counters {
  readonly requests: Record<string, Record<string, number>> = {};
  readonly faults: Partial<Record<FaultKind, number>> = {};

  countAnswer(call: CallName | 'other', status: SentStatus): void {
    const byStatus = (this.requests[call] ??= {});
    byStatus[status] = (byStatus[status] ?? 0) + 1;
  }

  countFault(kind: FaultKind): void {
    this.faults[kind] = (this.faults[kind] ?? 0) + 1;
  }
}
