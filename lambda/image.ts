import { crc32 } from 'node:zlib';
import { type Rejected, reject } from './outcome';

/**
 * Checks by content alone that the bytes are one whole JPEG or PNG; nothing is decoded.
 *
 * A JPEG is walked by its markers to the end of the image, a PNG by its chunks and their CRCs to IEND. What follows
 * the end is fine: cameras append previews and depth maps there. Time is linear in the size; any bytes are safe.
 * Damage inside a JPEG's entropy-coded data can't be seen without decoding it.
 * @returns undefined when the image is whole.
 */
export function validateImage(bytes: Uint8Array): Rejected | undefined {
  const notPhoto = validateSignature(bytes);
  if (notPhoto !== undefined) return notPhoto;
  const fault = startsWith(bytes, jpegSignature) ? findJpegFault(bytes) : findPngFault(bytes);
  return fault === undefined ? undefined : reject('image-damaged', fault);
}

/** So many bytes tell a JPEG or PNG from everything else. */
export const signatureBytes = 64;

/** Checks by its first bytes that something is a JPEG or PNG at all. */
export function validateSignature(start: Uint8Array): Rejected | undefined {
  if (startsWith(start, jpegSignature) || startsWith(start, pngSignature)) return undefined;
  return reject('not-jpeg-or-png', `The object is not a JPEG or PNG but ${guessFormat(start)}`);
}

const jpegSignature = [0xff, 0xd8, 0xff];
const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, at) => bytes[at] === byte);
}

/** JPEG's markers (ITU-T T.81, table B.1): the byte after 0xFF. */
const marker = {
  temporary: 0x01,
  restart0: 0xd0,
  restart7: 0xd7,
  startOfImage: 0xd8,
  endOfImage: 0xd9,
  startOfScan: 0xda,
};

function findJpegFault(bytes: Uint8Array): string | undefined {
  let hasFrame = false;
  let hasScan = false;
  let at = 2;
  for (;;) {
    if (at >= bytes.length) return 'The JPEG is cut off before its end-of-image marker';
    if (bytes[at] !== 0xff) return 'The JPEG has no marker where one must stand';
    while (bytes[at] === 0xff) at++; // any number of fill bytes may precede a marker
    const code = bytes[at];
    at++;
    if (code === undefined) return 'The JPEG is cut off before its end-of-image marker';
    if (code === marker.endOfImage) return hasScan ? undefined : 'The JPEG ends before its picture';
    if (code === marker.temporary || isRestart(code)) continue;
    if (code === 0x00 || code === marker.startOfImage) return 'The JPEG has a marker where none may stand';

    const length = readUint16(bytes, at);
    if (length === undefined || at + length > bytes.length) return 'The JPEG is cut off within a segment';
    if (length < 2) return 'The JPEG has a segment of impossible length';
    if (isStartOfFrame(code)) {
      if (length < 8 || readUint16(bytes, at + 5) === 0) return 'The JPEG has a frame without a width';
      hasFrame = true;
    }
    at += length;
    if (code === marker.startOfScan) {
      if (!hasFrame) return 'The JPEG has a scan before its frame';
      hasScan = true;
      at = endOfEntropyCodedData(bytes, at);
    }
  }
}

/** The position of the next marker that isn't a restart marker, or the bytes' end. */
function endOfEntropyCodedData(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at === -1) return bytes.length;
    const code = bytes[at + 1];
    if (code !== 0x00 && !isRestart(code)) return at;
    at += 2;
  }
}

function isRestart(code: number | undefined): boolean {
  return code !== undefined && code >= marker.restart0 && code <= marker.restart7;
}

/** SOF0 to SOF15, without DHT (C4), JPG (C8) and DAC (CC), which stand in the same range. */
function isStartOfFrame(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc;
}

/** A PNG chunk around its data: length, type and CRC, four bytes each (W3C PNG, "Chunk layout"). */
const chunkOverhead = 12;
const maxChunkLength = 0x7fffffff;

function findPngFault(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let hasPicture = false;
  let at = pngSignature.length;
  for (let isFirst = true; ; isFirst = false) {
    if (at + chunkOverhead > bytes.length) return 'The PNG is cut off before its end chunk';
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (length > maxChunkLength || !/^[A-Za-z]{4}$/.test(type)) return 'The PNG has a malformed chunk';
    if (at + chunkOverhead + length > bytes.length) return 'The PNG is cut off within a chunk';
    const crcAt = at + 8 + length;
    if (crc32(bytes.subarray(at + 4, crcAt)) !== view.getUint32(crcAt)) return 'The PNG has a chunk with a wrong CRC';

    if (isFirst !== (type === 'IHDR')) return 'The PNG does not start with one header chunk';
    if (isFirst && (length !== 13 || view.getUint32(at + 8) === 0 || view.getUint32(at + 12) === 0)) {
      return 'The PNG has a header without a size';
    }
    if (type === 'IDAT') hasPicture = true;
    if (type === 'IEND') return hasPicture ? undefined : 'The PNG ends before its picture';
    at = crcAt + 4;
  }
}

function readUint16(bytes: Uint8Array, at: number): number | undefined {
  const high = bytes[at];
  const low = bytes[at + 1];
  return high === undefined || low === undefined ? undefined : high * 256 + low;
}

/** Names what people often upload instead, so that they see at once what to change. */
function guessFormat(bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.subarray(0, 64));
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
