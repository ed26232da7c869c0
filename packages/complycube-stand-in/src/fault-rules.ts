import { invalidRequest } from './api-error';
import { callNames } from './calls';
import { faultDefinitions, type FaultKind } from './fault-table';
import type { FaultRule } from './faults';
import { isRecord } from './json-body';

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
  for: {
    isValid: (value) => callNames.some((name) => name === value),
    expected: `one of: ${callNames.join(', ')}`,
  },
};

/**
 * Checks a fault rule. A property that the fault does not have is refused, so that a typing error is noticed.
 * @throws ApiError 400 naming the property as `param`.
 */
export function parseFaultRule(value: unknown): FaultRule {
  assertFaultRule(value);
  return value;
}

function assertFaultRule(value: unknown): asserts value is FaultRule {
  if (!isRecord(value)) throw invalidRequest('A fault is a JSON object');
  const { fault, ...others } = value;
  const kinds = Object.keys(faultDefinitions);
  if (!isFaultKind(fault)) throw invalidRequest(`'fault' must be one of: ${kinds.join(', ')}`, 'fault');
  const allowed: readonly string[] = [...faultDefinitions[fault].properties, 'count', 'rate', 'for'];
  for (const [name, given] of Object.entries(others)) {
    const property = allowed.includes(name) ? properties[name] : undefined;
    if (property === undefined) throw invalidRequest(`The fault ${fault} has no '${name}'`, name);
    if (!property.isValid(given)) throw invalidRequest(`'${name}' must be ${property.expected}`, name);
  }
  if (allowed.includes('status') && !('status' in others)) {
    throw invalidRequest(`The fault ${fault} needs a 'status'`, 'status');
  }
}

function isFaultKind(value: unknown): value is FaultKind {
  return typeof value === 'string' && Object.hasOwn(faultDefinitions, value);
}

function isInteger(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

function integer(least: number, most: number): Property {
  return { isValid: (value) => isInteger(value, least, most), expected: `a whole number from ${least} to ${most}` };
}
