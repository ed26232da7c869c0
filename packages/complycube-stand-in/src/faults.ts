import type { CallName } from './calls';
import type { FaultKind, FaultProperties } from './fault-table';
import type { Random } from './seeded-random';

/** When a fault happens. */
interface FaultOccasions {
  /** How many times; by default 1. `null`: until the faults are cleared. */
  count?: number | null;
  /** How likely it is each time, 0 to 1; by default 1. */
  rate?: number;
  /** Only for this call; by default for every call. */
  for?: CallName;
}

/** A fault and when it happens: the same shape in TypeScript and, as JSON, over HTTP. */
export type FaultRule = { fault: FaultKind } & FaultProperties & FaultOccasions;

/** What callers in the same process can choose a fault's requests by. */
export interface FaultyRequest {
  call: CallName;
  /** The client ID of an upload or a list, if the request has one. */
  clientId: string | undefined;
  /** The `:id` of the path; empty where the call has none. */
  id: string;
}

/** Chooses the requests that a fault is meant for. */
export type FaultMatch = (request: FaultyRequest) => boolean;

interface PendingFault {
  rule: FaultRule;
  match: FaultMatch;
  remaining: number;
}

/** The faults that are still to happen, in the order in which they were requested. */
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

  /** The rules that are left, each with its remaining `count`. */
  rules(): FaultRule[] {
    return this.#pending.map(({ rule, remaining }) => ({ ...rule, count: remaining === Infinity ? null : remaining }));
  }

  /** The fault of a request, if any: the first rule that matches it and whose chance comes up. */
  take(request: FaultyRequest): FaultRule | undefined {
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
