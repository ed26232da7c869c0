import { encode } from 'jpeg-js';
import { noiseBytes } from './noise';
import { drawPortrait } from './portrait';
import { choosePlan, paddingBytes, type PicturePlan, type SamplePhotoOptions } from './sample-photo';

interface JpegPlan extends PicturePlan {
  quality: number;
}

const plans: readonly JpegPlan[] = [
  { fromBytes: 12_000, widthPixels: 240, heightPixels: 320, grain: 0, quality: 80 },
  { fromBytes: 34_000, widthPixels: 480, heightPixels: 640, grain: 0, quality: 80 },
  { fromBytes: 220_000, widthPixels: 480, heightPixels: 640, grain: 12, quality: 95 },
  { fromBytes: 800_000, widthPixels: 720, heightPixels: 960, grain: 12, quality: 100 },
];

/** Start of image, then the JFIF segment, which must be the first (JFIF 1.02): FF D8, FF E0 and its 16 bytes. */
const startBytes = 20;

/** A segment's marker and length, and the most that it can be with them (its length is a 16-bit number). */
const segmentOverheadBytes = 4;
const largestSegmentBytes = 65_537;

/**
 * Makes a JPEG of a drawn portrait that is exactly `bytes` long.
 *
 * What the picture does not fill is noise in APP15 segments, which viewers skip. The noise holds what look like markers,
 * ends of image among them: only a reader that walks from segment to segment reads the file right.
 * @throws RangeError if the portrait does not fit.
 */
export function makeJpeg({ bytes, seed }: SamplePhotoOptions): Buffer {
  const { widthPixels, heightPixels, grain, quality } = choosePlan(plans, bytes);
  const pixels = drawPortrait({ seed, widthPixels, heightPixels, grain, channels: 4 });
  const picture = encode({ width: widthPixels, height: heightPixels, data: pixels }, quality).data;
  const padding = paddingBytes(bytes, picture.length, segmentOverheadBytes);
  return Buffer.concat([
    picture.subarray(0, startBytes),
    ...paddingSegments(padding, seed),
    picture.subarray(startBytes),
  ]);
}

/** Splits evenly, so that no last segment is too short for its own marker and length. */
function paddingSegments(bytes: number, seed: number): Buffer[] {
  const noise = noiseBytes(`jpeg padding ${seed}`, bytes);
  const count = Math.ceil(bytes / largestSegmentBytes);
  return Array.from({ length: count }, (_, index) => {
    const segment = noise.subarray(Math.floor((bytes * index) / count), Math.floor((bytes * (index + 1)) / count));
    segment.set([0xff, 0xef]);
    segment.writeUInt16BE(segment.length - 2, 2);
    return segment;
  });
}
