import { Unzlib } from 'fflate';

/**
 * Bytes that are decompressed at once. fflate copies its window of 32 KB for each push, and holds all that a push decompresses to in
 * memory: a thousand times as much, at worst.
 */
const slabBytes = 8 * 1024;

/**
 * Whether a zlib stream is complete. Only for the rare PNG whose end is missing: its chunks' CRCs protect the data itself.
 * @param pieces the stream; other bytes may follow.
 * @param maxBytes the most that it may have after decompression. A stream with more counts as incomplete.
 */
export function isWholeZlibStream(pieces: readonly Uint8Array[], maxBytes: number): boolean {
  let bytes = 0;
  const stream = new Unzlib((chunk) => {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new RangeError('The stream has more data than allowed');
  });
  try {
    const whole = Buffer.concat(pieces);
    for (let at = 0; at < whole.length; at += slabBytes) stream.push(whole.subarray(at, at + slabBytes));
    stream.push(new Uint8Array(0), true);
    return true;
  } catch {
    return false; // cut off, damaged, or too large
  }
}

/** Whether two bytes begin a zlib stream that a PNG may contain: deflate, and no preset dictionary (RFC 1950, 2.2). */
export function isZlibHeader(method: number | undefined, flags: number | undefined): boolean {
  if (method === undefined || flags === undefined) return false;
  return (method & 15) === 8 && method >> 4 <= 7 && (method * 256 + flags) % 31 === 0 && (flags & 0x20) === 0;
}
