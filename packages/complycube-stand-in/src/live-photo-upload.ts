import { invalidRequest } from './api-error';
import { isRecord } from './json-body';
import type { NewLivePhoto } from './live-photos';

/**
 * The limits are documented as "34 KB" and "4 MB", and not what a KB is. These are the widest reading of the two: a
 * caller that is refused here is refused by every reading, and one that stays inside every reading is never refused here.
 */
const minBytes = 34_000;
const maxBytes = 4_194_304;

const jpegSignature = Buffer.from([0xff, 0xd8, 0xff]);
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Validates the body of `POST /livePhotos` (ComplyCube's API reference, Upload a live photo); it does not
 * ask whether the client exists.
 * @throws ApiError 400 with the argument at fault as `param`; only the message about the size is a documented one.
 */
export function parseLivePhotoUpload(body: unknown): NewLivePhoto {
  if (!isRecord(body)) throw invalidRequest('The body must be a JSON object');
  const { clientId, data, performLivenessCheck = true } = body;
  if (typeof clientId !== 'string' || clientId === '') throw invalidRequest("'clientId' must be provided", 'clientId');
  if (typeof data !== 'string' || data === '') throw invalidRequest("'data' must be provided", 'data');
  const bytes = decodeBase64(data);
  if (bytes === undefined) throw invalidRequest("'data' must be BASE64 encoded", 'data');
  if (bytes.length < minBytes || bytes.length > maxBytes) {
    throw invalidRequest('Image file size should be between 34KB and 4MB', 'data');
  }
  const contentType = contentTypeOf(bytes);
  if (contentType === undefined) throw invalidRequest('Image should be in JPG or PNG format', 'data');
  if (typeof performLivenessCheck !== 'boolean') {
    throw invalidRequest("'performLivenessCheck' must be a boolean", 'performLivenessCheck');
  }
  return { clientId, bytes, contentType, performLivenessCheck };
}

/**
 * Decodes base64 as RFC 4648, section 4, writes it: that alphabet, whole padding, no line breaks, no bits set that carry
 * nothing. Node's decoder alone skips whatever it does not know; what it read, written again, must be the same text.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

function contentTypeOf(bytes: Buffer): NewLivePhoto['contentType'] | undefined {
  if (bytes.subarray(0, jpegSignature.length).equals(jpegSignature)) return 'image/jpeg';
  if (bytes.subarray(0, pngSignature.length).equals(pngSignature)) return 'image/png';
  return undefined;
}
