import { makePng } from 'sample-photos/png';
import type { ComplyCubeOptions } from '../src/options';
import { startComplyCube, type LocalComplyCube } from '../src/server';

export const testKey = 'test_first';
export const liveKey = 'live_first';
export const clientId = '5eb1276d96be4a0008713af5';

export const photo = makePng({ bytes: 40_000, seed: 1 });

/** Starts a stand-in whose rate limits are never reached. */
export function startUnlimited(options: Partial<ComplyCubeOptions> = {}): Promise<LocalComplyCube> {
  return startComplyCube({
    keys: [testKey, liveKey],
    requestsPerSecond: { test: 10_000, live: 10_000 },
    ...options,
  });
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body; undefined if it is not JSON. */
  json: unknown;
}

/** @param operation method and path, such as `GET /v1/livePhotos`. */
export async function call(
  complyCube: LocalComplyCube,
  operation: string,
  { key = testKey, body, headers = {} }: { key?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const [method = '', path = ''] = operation.split(' ');
  const response = await fetch(complyCube.url + path, {
    method,
    headers: { authorization: key, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    redirect: 'manual',
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

export function upload(
  complyCube: LocalComplyCube,
  { bytes = photo, key = testKey, ...more }: { bytes?: Buffer; key?: string; clientId?: string } = {},
): Promise<Reply> {
  return call(complyCube, 'POST /v1/livePhotos', { key, body: { clientId, data: bytes.toString('base64'), ...more } });
}

/** The ID in a response. */
export function idOf({ json }: Reply): string {
  if (typeof json === 'object' && json !== null && 'id' in json && typeof json.id === 'string') return json.id;
  throw new TypeError('The response has no ID');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
