import { createHash } from 'node:crypto';
import { isRecord, parseJson } from './json-body';

/** The decoded `data` of an upload. */
export interface DecodedData {
  bytes: Uint8Array<ArrayBuffer>;
  /** In hex. */
  sha256: string;
}

/**
 * Parses the body of an upload and decodes its `data`. Data that is not base64 stays text.
 * @returns undefined if the body is not JSON.
 */
export function parseUploadBody(body: Uint8Array): unknown {
  const json = parseJson(body);
  if (!isRecord(json) || typeof json['data'] !== 'string' || json['data'] === '') return json;
  const bytes = decodeBase64(json['data']);
  if (bytes === undefined) return json;
  return { ...json, data: { bytes, sha256: createHash('sha256').update(bytes).digest('hex') } };
}

/** Whether an upload's `data` was decoded. JSON has no typed arrays, so no caller can send this. */
export function isDecodedData(data: unknown): data is DecodedData {
  return isRecord(data) && data['bytes'] instanceof Uint8Array;
}

/**
 * Decodes base64 strictly (RFC 4648, section 4): that alphabet, full padding, no line breaks, unused bits are 0.
 * Node's decoder skips unknown characters, so the result must encode to the same text.
 */
export function decodeBase64(text: string): Buffer<ArrayBuffer> | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
