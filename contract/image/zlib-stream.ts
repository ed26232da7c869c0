import { Unzlib } from 'fflate';

/**
 * Bytes to decompress at once. For each push, fflate copies its window of 32 KB and keeps all decompressed data in memory, up to a
 * thousand times as much.
 */
const slabBytes = 8 * 1024;

/**
 * Whether a zlib stream is complete. Used only for the rare PNG without an end chunk. CRCs of the chunks protect the data itself.
 * @param pieces the stream. Other bytes may follow.
 * @param maxBytes limit after decompression. A longer stream counts as incomplete.
 */
export function isWholeZlibStream(pieces: readonly Uint8Array[], maxBytes: number): boolean {
  let bytes = 0;
  const stream = new Unzlib((chunk) => {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new RangeError('The stream has more data than allowed');
  });
  try {
    const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
    let end = 0;
    for (const piece of pieces) {
      whole.set(piece, end);
      end += piece.length;
    }
    for (let at = 0; at < whole.length; at += slabBytes) stream.push(whole.subarray(at, at + slabBytes));
    stream.push(new Uint8Array(0), true);
    return true;
  } catch {
    return false; // cut off, damaged, or too large
  }
}

/** Whether two bytes begin a zlib stream that a PNG may contain: deflate, without a preset dictionary (RFC 1950, 2.2). */
export function isZlibHeader(method: number | undefined, flags: number | undefined): boolean {
  if (method === undefined || flags === undefined) return false;
  return (method & 15) === 8 && method >> 4 <= 7 && (method * 256 + flags) % 31 === 0 && (flags & 0x20) === 0;
}
