import { crc32, deflateSync } from 'node:zlib';
import { noiseBytes } from './noise';
import { drawPortrait } from './portrait';
import { choosePlan, paddingBytes, type PicturePlan, type SamplePhotoOptions } from './sample-photo';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const chunkOverheadBytes = 12;

const plans: readonly PicturePlan[] = [
  { fromBytes: 12_000, widthPixels: 240, heightPixels: 320, grain: 0 },
  { fromBytes: 34_000, widthPixels: 480, heightPixels: 640, grain: 0 },
  { fromBytes: 450_000, widthPixels: 480, heightPixels: 640, grain: 12 },
  { fromBytes: 950_000, widthPixels: 720, heightPixels: 960, grain: 12 },
  { fromBytes: 1_900_000, widthPixels: 1024, heightPixels: 1365, grain: 12 },
];

/**
 * Makes a PNG of a drawn portrait with exactly `bytes` bytes.
 *
 * The picture is padded with noise in a private, ancillary chunk, which every reader skips. The lower-case letters of
 * `paDd` mean that (PNG specification, 5.4, Chunk naming conventions).
 * @throws RangeError if the portrait does not fit.
 */
export function makePng({ bytes, seed }: SamplePhotoOptions): Buffer {
  const plan = choosePlan(plans, bytes);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(plan.widthPixels, 0);
  header.writeUInt32BE(plan.heightPixels, 4);
  header.set([8, 2], 8);
  const before = Buffer.concat([signature, pngChunk('IHDR', header)]);
  const after = [pngChunk('IDAT', encodePixels(plan, seed)), pngChunk('IEND', Buffer.alloc(0))];
  const encodedBytes = before.length + after.reduce((sum, chunk) => sum + chunk.length, 0);
  const padding = paddingBytes(bytes, encodedBytes, chunkOverheadBytes);
  return Buffer.concat([
    before,
    pngChunk('paDd', noiseBytes(`png padding ${seed}`, padding - chunkOverheadBytes)),
    ...after,
  ]);
}

/** Writes a PNG chunk: length, type, data, and the CRC32 of type and data. */
export function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(chunkOverheadBytes + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
  return chunk;
}

function encodePixels({ widthPixels, heightPixels, grain }: PicturePlan, seed: number): Buffer {
  const pixels = drawPortrait({ seed, widthPixels, heightPixels, grain, channels: 3 });
  const rowBytes = widthPixels * 3;
  // Each row starts with its filter type. 0 is "None".
  const rows = Buffer.alloc(heightPixels * (1 + rowBytes));
  for (let y = 0; y < heightPixels; y++) {
    rows.set(pixels.subarray(y * rowBytes, (y + 1) * rowBytes), y * (1 + rowBytes) + 1);
  }
  return deflateSync(rows, { level: 1 });
}
