import type { IncomingMessage } from 'node:http';
import { BodyTooLargeError, readBody } from 'loopback-server/loopback-server';
import { ApiError, invalidRequest } from './answer';

/** Whether a JSON value is an object, not an array or null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns undefined if the text is not JSON. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Reads a request's body as JSON.
 * @param parse returns undefined if the body is not JSON.
 * @throws ApiError 400 if the body or its content type is not JSON; 413 beyond `maxBytes`.
 */
export async function readJsonBody(
  request: IncomingMessage,
  maxBytes: number,
  parse: (body: Buffer<ArrayBuffer>) => unknown = parseJson,
): Promise<unknown> {
  const mediaType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    throw invalidRequest("The 'Content-Type' header must be application/json");
  }
  const body = await readBody(request, maxBytes).catch((error: unknown) => {
    // ComplyCube documents the status, but not the body.
    throw error instanceof BodyTooLargeError ? new ApiError(413, 'request_too_large', error.message) : error;
  });
  const json = await parse(body);
  if (json === undefined) throw invalidRequest('The body is not valid JSON');
  return json;
}
