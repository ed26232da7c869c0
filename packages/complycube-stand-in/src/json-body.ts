import type { IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { BodyTooLargeError, readBody } from 'loopback-server/loopback-server';
import { ApiError, invalidRequest } from './answer';

/** Whether a JSON value is an object, not an array or null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads a request's body as JSON.
 * @throws ApiError 400 if the body or its content type is not JSON; 413 beyond `maxBytes`.
 */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const mediaType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    throw invalidRequest("The 'Content-Type' header must be application/json");
  }
  const body = await readBody(request, maxBytes).catch((error: unknown) => {
    // ComplyCube documents the status, but not the body.
    throw error instanceof BodyTooLargeError ? new ApiError(413, 'request_too_large', error.message) : error;
  });
  // Parsing 5.6 MB takes several milliseconds. Requests that arrive meanwhile must be counted in time.
  await setImmediate();
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw invalidRequest('The body is not valid JSON');
  }
}
