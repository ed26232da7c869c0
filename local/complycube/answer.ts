import type { OutgoingHttpHeaders } from 'node:http';
import { ApiError } from './api-error';

/** What a request will be answered, not yet sent. */
export interface Answer {
  status: number;
  headers: OutgoingHttpHeaders;
  body: string;
}

/** Makes an answer of JSON. */
export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) };
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
