import { invalidRequest } from './answer';
import { callNames, type CallName } from './calls';
import { faultKinds, faultProperties, type FaultKind, type FaultProperties } from './fault-table';
import { isRecord } from './json-body';
import type { Random } from './seeded-random';

/** When a fault happens. */
interface FaultOccasions {
  /** How many times. `null`: until the faults are cleared. Default: 1. */
  count?: number | null;
  /** Its probability at each request, 0 to 1. Default: 1. */
  rate?: number;
  /** Only for this call. Default: every call. */
  for?: CallName;
}

/** A fault and when it happens. The shape is the same in TypeScript and in JSON over HTTP. */
export type FaultRule = { fault: FaultKind } & FaultProperties & FaultOccasions;

/** A request, as callers in the same process see it when they select requests for a fault. */
export interface FaultyRequest {
  call: CallName;
  /** The client ID of an upload or a list; undefined for other requests. */
  clientId: string | undefined;
  /** The `:id` of the path; empty if the call has none. */
  id: string;
}

/** Selects the requests of a fault. */
export type FaultMatch = (request: FaultyRequest) => boolean;

interface PendingFault {
  rule: FaultRule;
  match: FaultMatch;
  remaining: number;
}

/** The pending faults, in the order in which they were requested. */
export class FaultQueue {
  #pending: PendingFault[] = [];

  constructor(private readonly random: Random) {}

  add(rule: FaultRule, match: FaultMatch = () => true): void {
    const count = rule.count === undefined ? 1 : rule.count;
    this.#pending.push({ rule, match, remaining: count ?? Infinity });
  }

  clear(): void {
    this.#pending = [];
  }

  /** The pending rules, each with its remaining `count`. */
  rules(): FaultRule[] {
    return this.#pending.map(({ rule, remaining }) => ({ ...rule, count: remaining === Infinity ? null : remaining }));
  }

  /** Takes the fault of a request: the first rule that matches it and whose probability applies. */
  take(request: FaultyRequest): FaultRule | undefined {
    const taken = this.#pending.find(
      ({ rule, match }) =>
        (rule.for === undefined || rule.for === request.call) &&
        match(request) &&
        (rule.rate === undefined || this.random() < rule.rate),
    );
    if (taken === undefined) return undefined;
    taken.remaining -= 1;
    this.#pending = this.#pending.filter(({ remaining }) => remaining > 0);
    return taken.rule;
  }
}

interface Property {
  isValid: (value: unknown) => boolean;
  expected: string;
}

const text: Property = { isValid: (value) => typeof value === 'string', expected: 'a string' };

const properties: Readonly<Record<string, Property>> = {
  status: integer(200, 599),
  type: text,
  message: text,
  param: text,
  body: { isValid: () => true, expected: 'any JSON value' },
  retryAfter: text,
  location: text,
  bytes: integer(1, 1_000_000_000),
  durationMs: integer(0, 3_600_000),
  count: { isValid: (value) => value === null || isInteger(value, 1, Infinity), expected: 'null or 1 or more' },
  rate: { isValid: (value) => typeof value === 'number' && value >= 0 && value <= 1, expected: 'between 0 and 1' },
  for: { isValid: (value) => callNames.some((name) => name === value), expected: `one of: ${callNames.join(', ')}` },
};

/**
 * Validates a fault rule. Unknown properties are refused, so that typing errors are noticed.
 * @throws ApiError 400 with the property's name as `param`.
 */
export function parseFaultRule(value: unknown): FaultRule {
  assertFaultRule(value);
  return value;
}

function assertFaultRule(value: unknown): asserts value is FaultRule {
  if (!isRecord(value)) throw invalidRequest('A fault is a JSON object');
  const { fault, ...others } = value;
  const kind = faultKinds.find((name) => name === fault);
  if (kind === undefined) throw invalidRequest(`'fault' must be one of: ${faultKinds.join(', ')}`, 'fault');
  const allowed: readonly string[] = [...(faultProperties[kind] ?? []), 'count', 'rate', 'for'];
  for (const [name, given] of Object.entries(others)) {
    const property = allowed.includes(name) ? properties[name] : undefined;
    if (property === undefined) throw invalidRequest(`The fault ${kind} has no '${name}'`, name);
    if (!property.isValid(given)) throw invalidRequest(`'${name}' must be ${property.expected}`, name);
  }
  if (allowed.includes('status') && !('status' in others)) {
    throw invalidRequest(`The fault ${kind} needs a 'status'`, 'status');
  }
}

function isInteger(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

function integer(least: number, most: number): Property {
  return { isValid: (value) => isInteger(value, least, most), expected: `a whole number from ${least} to ${most}` };
}
