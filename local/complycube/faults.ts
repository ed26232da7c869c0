import type { CallName } from './calls';
import type { Random } from './seeded-random';

/** Something that goes wrong on request. */
export type Fault = FaultInsteadOfCall | FaultAfterCall;

/** The call is not carried out: nothing is stored. */
type FaultInsteadOfCall =
  | ({ fault: 'status' } & StatusAnswer)
  /** A gateway's page. */
  | { fault: 'html-502' }
  /** A 307 to `location`, which by default leads nowhere. */
  | { fault: 'redirect'; location?: string }
  /** No answer, ever: the connection stays open until the caller gives up. */
  | { fault: 'hang' }
  | { fault: 'reset-before' };

/** The call is carried out, so that a photo is stored, and only its answer suffers. */
type FaultAfterCall =
  | ({ fault: 'status-after' } & StatusAnswer)
  | { fault: 'reset-after' }
  /** As `hang`, but the call was carried out. */
  | { fault: 'lost-answer' }
  /** The connection closes in the middle of the body. */
  | { fault: 'cut-off-answer' }
  /** A whole HTTP answer whose body is the first half of the JSON. */
  | { fault: 'broken-answer' }
  /** The answer with one more property of this many bytes, by default 2,000,000. */
  | { fault: 'huge-answer'; bytes?: number }
  /** The headers at once, the body bit by bit over this time, by default 10,000 ms. */
  | { fault: 'slow-answer'; durationMs?: number };

/** An answer of one's own: either a whole `body`, or changes to the one that is usual for the status. */
export interface StatusAnswer {
  /** 200 to 599. */
  status: number;
  type?: string;
  message?: string;
  param?: string;
  /** Any JSON value, in place of the three before. */
  body?: unknown;
  /** The Retry-After header, as it stands: seconds or a date. */
  retryAfter?: string;
}

/** The name of a fault. */
export type FaultKind = Fault['fault'];

/** When a fault takes place. */
interface FaultOccasions {
  /** How many times, by default once; null: until the faults are cleared. */
  count?: number | null;
  /** How likely it is each time, 0 to 1, by default 1. */
  rate?: number;
  /** For this call only; by default for every call. */
  for?: CallName;
}

/** A fault and when it takes place: one shape in TypeScript and, as JSON, over HTTP. */
export type FaultRule = Fault & FaultOccasions;

/** What a fault may be chosen by, for callers in the same process. */
export interface FaultyRequest {
  call: CallName;
  /** The client ID of an upload or a list, if the request has one. */
  clientId: string | undefined;
  /** What stands for `:id` in the path; empty where the call has none. */
  id: string;
}

/** Chooses the requests that a fault is meant for. */
export type FaultMatch = (request: FaultyRequest) => boolean;

interface PendingFault {
  rule: FaultRule;
  match: FaultMatch;
  remaining: number;
}

/** The faults still to come, in the order in which they were asked for. */
export class FaultQueue {
  readonly #random: Random;
  #pending: PendingFault[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  add(rule: FaultRule, match: FaultMatch = () => true): void {
    const count = rule.count === undefined ? 1 : rule.count;
    this.#pending.push({ rule, match, remaining: count ?? Infinity });
  }

  clear(): void {
    this.#pending = [];
  }

  /** The rules still to come; `count` is what remains of them. */
  rules(): FaultRule[] {
    return this.#pending.map(({ rule, remaining }) => ({ ...rule, count: remaining === Infinity ? null : remaining }));
  }

  /** Takes the fault that a request suffers, if any: the first that is meant for it and whose chance comes up. */
  take(request: FaultyRequest): Fault | undefined {
    const taken = this.#pending.find(
      ({ rule, match }) =>
        (rule.for === undefined || rule.for === request.call) &&
        match(request) &&
        (rule.rate === undefined || this.#random() < rule.rate),
    );
    if (taken === undefined) return undefined;
    taken.remaining -= 1;
    this.#pending = this.#pending.filter(({ remaining }) => remaining > 0);
    return taken.rule;
  }
}
