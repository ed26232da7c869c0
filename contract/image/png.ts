import { isWholeZlibStream, isZlibHeader } from './zlib-stream';

/** Computes the CRC-32 of bytes, as PNG uses it (W3C PNG, "CRC algorithm"). Node has a fast one, browsers have none. */
export type Crc32 = (bytes: Uint8Array) => number;

const signatureBytes = 8;
/** Length, type and CRC of a chunk, four bytes each (W3C PNG, "Chunk layout"). */
const chunkOverhead = 12;
const maxUint31 = 0x7fffffff;

interface ColourType {
  readonly bitDepths: readonly number[];
  readonly samples: number;
}

/** By number (W3C PNG, "Image header"). */
const colourTypes: Readonly<Record<number, ColourType | undefined>> = {
  0: { bitDepths: [1, 2, 4, 8, 16], samples: 1 },
  2: { bitDepths: [8, 16], samples: 3 },
  3: { bitDepths: [1, 2, 4, 8], samples: 1 },
  4: { bitDepths: [8, 16], samples: 2 },
  6: { bitDepths: [8, 16], samples: 4 },
};
const indexedColour = 3;
const maxPaletteBytes = 3 * 256;

/** The maximum compression factor of deflate: two bits for 258 bytes (zlib technical details). */
const maxCompression = 1_032;

interface Header {
  readonly isIndexed: boolean;
  /** Minimum size of its pixels before compression, in bytes. */
  readonly pixelBytes: number;
}

interface Png {
  readonly bytes: Uint8Array;
  readonly crc32: Crc32;
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** Of type and data. */
  readonly hasRightCrc: () => boolean;
  readonly end: number;
}

const cutOff = 'The PNG is cut off before its end chunk';

/**
 * Walks through the chunks of a PNG to the end of its picture. Follows libpng, which sharp and Chromium use.
 *
 * A wrong CRC is a fault only in chunks that decoders need, not in ancillary chunks. Bytes after the picture do not matter: decoders
 * show a PNG even without its end chunk, IEND.
 * @param bytes must begin with PNG's signature.
 * @returns a description of the fault for a person. Undefined: the picture is whole.
 */
export function findPngFault(bytes: Uint8Array, crc32: Crc32): string | undefined {
  const png: Png = { bytes, crc32 };
  let first = readChunk(png, signatureBytes);
  // The header must be first, but decoders skip ancillary chunks before it.
  while (typeof first !== 'string' && !isCritical(first.type)) first = readChunk(png, first.end);
  if (typeof first === 'string') return first;
  if (first.type !== 'IHDR') return 'The PNG does not start with its header chunk';
  if (!first.hasRightCrc()) return 'The PNG has a header with a wrong CRC';
  const header = readHeader(first.data);
  if (typeof header === 'string') return header;
  return findFaultBeforePicture(png, first.end, header);
}

function findFaultBeforePicture(png: Png, from: number, header: Header): string | undefined {
  let hasPalette = false;
  let at = from;
  for (;;) {
    const chunk = readChunk(png, at);
    if (typeof chunk === 'string') return chunk;
    if (chunk.type === 'IDAT') {
      if (header.isIndexed && !hasPalette) return 'The PNG has no palette, which its colours need';
      return findPictureFault(png, at, header);
    }
    if (chunk.type === 'IEND') return 'The PNG ends before its picture';
    if (chunk.type === 'IHDR') return 'The PNG has two header chunks';
    if (isCritical(chunk.type) && !chunk.hasRightCrc())
      return 'The PNG has a chunk with a wrong CRC before its picture';
    if (chunk.type === 'PLTE') {
      if (header.isIndexed && !isPalette(chunk.data)) return 'The PNG has a palette of impossible length';
      hasPalette = true;
    }
    at = chunk.end;
  }
}

/** @param from the position of the first IDAT chunk. IDAT chunks directly after it belong to the same picture. */
function findPictureFault(png: Png, from: number, header: Header): string | undefined {
  const pieces: Uint8Array[] = [];
  let pictureBytes = 0;
  let at = from;
  while (typeAt(png.bytes, at) === 'IDAT') {
    const chunk = readChunk(png, at);
    if (typeof chunk === 'string') return chunk;
    if (!chunk.hasRightCrc()) return 'The PNG has picture data with a wrong CRC';
    pieces.push(chunk.data);
    pictureBytes += chunk.data.length;
    at = chunk.end;
  }
  if (header.pixelBytes > pictureBytes * maxCompression) return 'The PNG has too little picture data for its size';
  const isWhole = (): boolean => isWholeZlibStream(pieces);
  // Another chunk after the picture proves that it is whole. Otherwise the file may be cut off between two IDAT chunks.
  if (!isChunkType(typeAt(png.bytes, at))) return isWhole() ? undefined : cutOff;
  if (hasMorePictureData(png, at) && !isWhole()) return 'The PNG has picture data in separate places';
  return hasZlibHeader(pieces) ? undefined : 'The PNG has picture data that is not compressed as PNG demands';
}

/** Whether an IDAT chunk follows after other chunks. */
function hasMorePictureData(png: Png, from: number): boolean {
  let at = from;
  for (;;) {
    const chunk = readChunk(png, at);
    if (typeof chunk === 'string' || chunk.type === 'IEND') return false;
    if (chunk.type === 'IDAT') return true;
    at = chunk.end;
  }
}

function readChunk({ bytes, crc32 }: Png, at: number): Chunk | string {
  const type = typeAt(bytes, at);
  if (type === undefined) return cutOff;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(at);
  if (length > maxUint31 || !isChunkType(type)) return 'The PNG has a malformed chunk';
  const end = at + chunkOverhead + length;
  if (end > bytes.length) return 'The PNG is cut off within a chunk';
  return {
    type,
    data: bytes.subarray(at + 8, end - 4),
    hasRightCrc: () => crc32(bytes.subarray(at + 4, end - 4)) === view.getUint32(end - 4),
    end,
  };
}

/** The four bytes of the chunk type at a position, not validated. Undefined if the file ends before. */
function typeAt(bytes: Uint8Array, at: number): string | undefined {
  return at + 8 > bytes.length ? undefined : String.fromCharCode(...bytes.subarray(at + 4, at + 8));
}

function isChunkType(type: string | undefined): boolean {
  return type !== undefined && /^[A-Za-z]+$/.test(type);
}

/** Whether decoders need a chunk: its type begins with a capital letter (W3C PNG, "Chunk naming conventions"). */
function isCritical(type: string): boolean {
  return /^[A-Z]/.test(type);
}

function readHeader(data: Uint8Array): Header | string {
  if (data.length !== 13) return 'The PNG has a header of the wrong length';
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const width = view.getUint32(0);
  const height = view.getUint32(4);
  const bitDepth = view.getUint8(8);
  const colourType = view.getUint8(9);
  if (width === 0 || height === 0) return 'The PNG has a picture of no width or height';
  if (Math.max(width, height) > maxUint31) return 'The PNG has a picture of impossible width or height';
  const colours = colourTypes[colourType];
  if (colours === undefined || !colours.bitDepths.includes(bitDepth)) {
    return `The PNG has an impossible colour type, ${colourType} with ${bitDepth} bits a sample`;
  }
  if (view.getUint8(10) !== 0) return 'The PNG has an unknown compression method';
  if (view.getUint8(11) !== 0) return 'The PNG has an unknown filter method';
  if (view.getUint8(12) > 1) return 'The PNG has an unknown interlace method';
  const rowBytes = Math.ceil((width * colours.samples * bitDepth) / 8);
  return { isIndexed: colourType === indexedColour, pixelBytes: rowBytes * height };
}

function isPalette(data: Uint8Array): boolean {
  return data.length > 0 && data.length <= maxPaletteBytes && data.length % 3 === 0;
}

function hasZlibHeader(pieces: readonly Uint8Array[]): boolean {
  const [method, flags] = pieces.flatMap((piece) => [...piece.subarray(0, 2)]);
  return isZlibHeader(method, flags);
}
