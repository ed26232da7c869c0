import { findJpegFault } from './jpeg';
import { type Rejected, reject } from '../outcome';
import { type Crc32, findPngFault } from './png';

/** An image that is not a whole JPEG or PNG. */
export type RejectedImage = Rejected<'not-jpeg-or-png' | 'image-damaged'>;

/**
 * Checks by content that an image is a whole JPEG or PNG.
 *
 * Accepts images that mainstream decoders (Pillow, libjpeg-turbo, sharp, Chromium) show whole, and rejects images that none of them
 * can decode. Bytes after the end of the image are allowed, because cameras append previews and depth maps. Pixels are not decoded.
 * The time is linear in the size, and any input is safe.
 * @param crc32 for example node:zlib's.
 * @returns undefined when the image is whole.
 */
export function validateImage(bytes: Uint8Array, crc32: Crc32): RejectedImage | undefined {
  const notPhoto = validateSignature(bytes);
  if (notPhoto !== undefined) return notPhoto;
  const fault = startsWith(bytes, jpegSignature) ? findJpegFault(bytes) : findPngFault(bytes, crc32);
  return fault === undefined ? undefined : reject('image-damaged', fault);
}

/** How many bytes {@link validateSignature} needs. */
export const signatureBytes = 64;

/** Checks by its first bytes that an object is a JPEG or PNG. */
export function validateSignature(start: Uint8Array): Rejected<'not-jpeg-or-png'> | undefined {
  if (startsWith(start, jpegSignature) || startsWith(start, pngSignature)) return undefined;
  return reject('not-jpeg-or-png', `The object is not a JPEG or PNG but ${guessFormat(start)}`);
}

const jpegSignature = [0xff, 0xd8, 0xff];
const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, at) => bytes[at] === byte);
}

/** Names the format by the first {@link signatureBytes} bytes. Knows formats that are often uploaded by mistake, so that people see what to change. */
export function guessFormat(bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.subarray(0, signatureBytes));
  if (/^.{4}ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1)/s.test(start)) return 'HEIC';
  if (/^.{4}ftypavif/s.test(start)) return 'AVIF';
  if (/^RIFF.{4}WEBP/s.test(start)) return 'WebP';
  if (start.startsWith('GIF8')) return 'GIF';
  if (start.startsWith('%PDF-')) return 'PDF';
  if (start.startsWith('BM')) return 'BMP';
  if (/^(II\*\0|MM\0\*)/.test(start)) return 'TIFF';
  if (/^\s*<(!doctype html|html|\?xml|svg)/i.test(start)) return 'HTML or XML';
  return 'something else';
}
