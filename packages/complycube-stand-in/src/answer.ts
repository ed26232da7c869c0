import type { OutgoingHttpHeaders } from 'node:http';
import { ApiError } from './api-error';
import { isRecord } from './json-body';

/** An answer that is not sent yet. */
export interface Answer {
  status: number;
  headers: OutgoingHttpHeaders;
  body: string;
}

/** Makes an answer of JSON. */
export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) };
}

/** Omits what is null, or empty text, an empty list or object: ComplyCube's documentation says that answers lack these. */
export function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isRecord(value)) return value;
  const properties = Object.entries(value).map(([name, property]) => [name, withoutEmpty(property)] as const);
  return Object.fromEntries(properties.filter(([, property]) => !isEmpty(property)));
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** Makes the answer 204, which has no body. */
export function emptyAnswer(): Answer {
  return { status: 204, headers: {}, body: '' };
}

/**
 * Turns a refusal into its answer.
 * @throws every other error as it is: a fault of the stand-in itself.
 */
export function refusalAnswer(error: unknown): Answer {
  if (error instanceof ApiError) return jsonAnswer(error.status, error.body);
  throw error;
}
