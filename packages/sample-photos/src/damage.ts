import { noiseBytes } from './noise';

/**
 * Truncates a file, as an interrupted upload does.
 * @param keptBytes default: half of the file.
 */
export function cutOff(photo: Buffer, keptBytes = Math.floor(photo.length / 2)): Buffer {
  return Buffer.from(photo.subarray(0, keptBytes));
}

/**
 * Changes one byte in the middle of a PNG chunk's data, so that the chunk's CRC32 is wrong.
 * @param type the type of the chunk. The first one is damaged.
 * @throws RangeError if the PNG has no such chunk with data.
 */
export function flipByteInPngChunk(png: Buffer, type = 'IDAT'): Buffer {
  for (let at = 8; at + 12 <= png.length;) {
    const dataBytes = png.readUInt32BE(at);
    if (dataBytes > 0 && png.toString('latin1', at + 4, at + 8) === type) {
      const damaged = Buffer.from(png);
      const middle = at + 8 + Math.floor(dataBytes / 2);
      damaged.writeUInt8(damaged.readUInt8(middle) ^ 0xff, middle);
      return damaged;
    }
    at += 12 + dataBytes;
  }
  throw new RangeError(`The PNG has no ${type} chunk with data`);
}

/** Appends bytes after the end of the image, as cameras do with a video or a depth map. The image stays valid. */
export function appendTrailingBytes(photo: Buffer, trailingBytes: number): Buffer {
  return Buffer.concat([photo, noiseBytes('behind the image', trailingBytes)]);
}
